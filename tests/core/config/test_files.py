"""Settings in files: which wins, where each stands, and what is refused."""

import os
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from pydantic import Field

from threadly.core.config import (
    ConfigurationError,
    Profile,
    Reading,
    Rule,
    Secret,
    Section,
    Weight,
    gather,
    mending,
    showing,
    validate,
)


class Lamp(Section):
    """A lamp."""

    watts: int = Field(default=5, ge=1, le=100)
    """How bright it is."""

    key: Secret = Secret("")
    """Opens it."""

    colour: str = "white"
    """What colour it has."""

    glow: timedelta = timedelta(seconds=1)
    """How long it shines after it is switched off."""

    is_on: bool = False
    """Whether it shines."""

    plans: Path | None = None
    """How it is built."""


class Shade(Section):
    """A shade."""

    width: float = 1.0
    """How wide it is."""


class Ceiling(Section):
    """A ceiling."""

    shade: Shade = Shade()


class House(Section):
    """A house."""

    profile: Profile = Profile.PRODUCTION
    lamp: Lamp = Lamp()
    ceiling: Ceiling = Ceiling()


def read(workplace: Path, **environment: str) -> Reading[House]:
    named = {f"HOUSE_{name}": value for name, value in environment.items()}
    aliases = {"LAMP_KEY": "HOUSE_LAMP__KEY"}
    return validate(House, gather(House, named, prefix="HOUSE_", aliases=aliases, workplace=workplace))


def problems(reading: Reading[House]) -> list[str]:
    return [str(mistake) for mistake in reading.mistakes]


def private(path: Path, text: str) -> Path:
    path.write_text(text)
    path.chmod(0o600)
    return path


@pytest.fixture
def secrets(tmp_path: Path) -> Path:
    folder = tmp_path / "secrets"
    folder.mkdir()
    folder.chmod(0o700)
    return folder


def test_the_first_source_that_says_something_wins(tmp_path: Path, secrets: Path) -> None:
    private(secrets / "HOUSE_LAMP__WATTS", "2\n")
    env = private(tmp_path / "house.env", "HOUSE_LAMP__WATTS=3\nHOUSE_LAMP__COLOUR=red\n")
    toml = private(tmp_path / "house.toml", "[lamp]\nwatts = 4\ncolour = 'x'\n\n[ceiling.shade]\nwidth = 2\n")
    files = {"SECRETS_DIR": str(secrets), "ENV_FILE": str(env), "CONFIG_FILE": str(toml)}

    reading = read(tmp_path, **files)
    assert reading.usable().lamp.watts == 2
    assert reading.places == {
        "HOUSE_LAMP__WATTS": f"{secrets}/HOUSE_LAMP__WATTS",
        "HOUSE_LAMP__COLOUR": f"{env}:2",
        "HOUSE_CEILING__SHADE__WIDTH": f"{toml}:6",
    }
    assert read(tmp_path, **files, LAMP__WATTS="1").usable().lamp.watts == 1
    assert read(tmp_path, **{**files, "SECRETS_DIR": ""}).usable().lamp.watts == 3
    assert read(tmp_path, **{**files, "SECRETS_DIR": "", "ENV_FILE": ""}).usable().lamp.watts == 4


def test_mistakes_are_told_by_file_and_line(tmp_path: Path, secrets: Path) -> None:
    private(secrets / "HOUSE_LAMP__WATT", "2")
    private(secrets / "house_lamp__watts", "SEKRET\n")
    env = private(tmp_path / "house.env", "\nHOUSE_CEILING__SHADE__WIDTH=SEKRET\nHOUSE LAMP\n")
    toml = private(tmp_path / "house.toml", "profile = 'SEKRET'\n[lamp]\nwats = 4 # SEKRET\n")

    assert problems(read(tmp_path, SECRETS_DIR=str(secrets), ENV_FILE=str(env), CONFIG_FILE=str(toml))) == [
        f"{env}:3: should be NAME=value, without a space before the equals sign.",
        f"HOUSE_PROFILE ({toml}:1) should be production, development or test, like production.",
        f"HOUSE_LAMP__WATTS ({secrets}/house_lamp__watts) should be a whole number, 1 to 100, like 5.",
        f"HOUSE_CEILING__SHADE__WIDTH ({env}:2) should be a number, like 1.0.",
        f"HOUSE_LAMP__WATT ({secrets}/HOUSE_LAMP__WATT) is no setting; did you mean HOUSE_LAMP__WATTS?",
        f"{toml}:3: lamp.wats is no setting; did you mean lamp.watts?",
    ]


def test_a_file_that_is_named_and_missing_is_told_by_the_variable_that_names_it(tmp_path: Path) -> None:
    nowhere = str(tmp_path / "SEKRET")
    told = problems(read(tmp_path, SECRETS_DIR=nowhere, ENV_FILE=nowhere, CONFIG_FILE=nowhere))

    assert [problem.partition(" ")[0] for problem in told] == [
        "HOUSE_SECRETS_DIR",
        "HOUSE_ENV_FILE",
        "HOUSE_CONFIG_FILE",
    ]
    assert all("cannot be read: No such file or directory" in problem for problem in told)
    assert "SEKRET" not in str(told)


@pytest.mark.parametrize(
    ("case", "content", "says"),
    [
        ("no text", b"A=\xff", "is no text in UTF-8"),
        ("a zero byte", b"A=\0", "is no text in UTF-8"),
        ("too large", b"#" * (1 << 20) + b"\n", "is larger than 1024 KiB"),
    ],
)
def test_a_file_that_should_not_be_read_is_refused(
    case: str, content: bytes, says: str, tmp_path: Path, secrets: Path
) -> None:
    for file in (tmp_path / "file", secrets / "HOUSE_LAMP__KEY"):
        file.write_bytes(content)
        file.chmod(0o600)
    for named in ({"ENV_FILE": str(tmp_path / "file")}, {"CONFIG_FILE": str(tmp_path / "file")}):
        (told,) = problems(read(tmp_path, **named))
        assert says in told, case
    (told,) = problems(read(tmp_path, SECRETS_DIR=str(secrets)))
    assert told.startswith(f"{secrets}/HOUSE_LAMP__KEY: ")
    assert says in told


def test_a_pipe_is_refused_and_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (told,) = problems(read(tmp_path, ENV_FILE=str(tmp_path / "pipe")))
    assert told.endswith("the one it names is no file.")


def test_secrets_are_read_as_containers_mount_them(secrets: Path) -> None:
    dated = secrets / "..2026_11_27"
    dated.mkdir()
    private(dated / "LAMP_KEY", "swordfish\n\n").chmod(0o644)
    (secrets / "LAMP_KEY").symlink_to("..2026_11_27/LAMP_KEY")
    (secrets / "tls.crt").write_text("somebody else's")
    reading = read(secrets, SECRETS_DIR=str(secrets))

    assert reading.usable().lamp.key.get_secret_value() == "swordfish\n"
    assert reading.warnings == ()


def test_two_files_of_one_secret_are_told_and_the_first_counts(secrets: Path) -> None:
    private(secrets / "HOUSE_LAMP__KEY", "SEKRET")
    private(secrets / "house_lamp__key", "TERCES")
    private(secrets / "LAMP_KEY", "under the conventional name, which does not count")
    reading = read(secrets, SECRETS_DIR=str(secrets))

    assert problems(reading) == [
        f"{secrets}/house_lamp__key: HOUSE_LAMP__KEY stands in {secrets}/HOUSE_LAMP__KEY already."
    ]
    assert reading.settings is not None
    assert reading.settings.lamp.key.get_secret_value() == "SEKRET"


@pytest.mark.parametrize(
    ("where", "mode", "who"),
    [
        ("secrets", 0o770, "a group"),
        ("secrets", 0o1777, "everybody"),
        ("secrets/HOUSE_LAMP__KEY", 0o660, "a group"),
        ("secrets/HOUSE_LAMP__KEY", 0o602, "everybody"),
        ("house.env", 0o602, "everybody"),
        ("house.toml", 0o602, "everybody"),
    ],
)
def test_what_others_can_write_production_refuses_and_development_warns_of(
    where: str, mode: int, who: str, tmp_path: Path, secrets: Path
) -> None:
    private(secrets / "HOUSE_LAMP__KEY", "swordfish")
    env = private(tmp_path / "house.env", "HOUSE_LAMP__WATTS=3\n")
    toml = private(tmp_path / "house.toml", "[lamp]\ncolour = 'x'\n")
    files = {"SECRETS_DIR": str(secrets), "ENV_FILE": str(env), "CONFIG_FILE": str(toml)}
    assert read(tmp_path, **files).usable().lamp.watts == 3
    assert read(tmp_path, **files).warnings == ()

    path = tmp_path / where
    path.chmod(mode)
    told = f"{path} can be written by {who}, who can then set what stands there; chmod go-w {path}."
    refused, warned = read(tmp_path, **files), read(tmp_path, **files, PROFILE="development")
    path.chmod(0o700)
    assert problems(refused) == [told]
    with pytest.raises(ConfigurationError):
        refused.usable()
    assert list(mending(refused)) == []
    assert [str(warning) for warning in warned.warnings] == [told]
    assert warned.usable().lamp.key.get_secret_value() == "swordfish"


def test_what_a_group_can_write_is_no_concern_outside_of_secrets(tmp_path: Path) -> None:
    toml = private(tmp_path / "house.toml", "[lamp]\nwatts = 7\n")
    toml.chmod(0o660)
    assert read(tmp_path, CONFIG_FILE=str(toml)).usable().lamp.watts == 7


def test_nobody_writes_where_secrets_are_mounted_to_be_read_only(
    secrets: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    secrets.chmod(0o1777)  # as Kubernetes shows it
    assert len(problems(read(secrets, SECRETS_DIR=str(secrets)))) == 1

    monkeypatch.setattr(os, "statvfs", lambda _: SimpleNamespace(f_flag=os.ST_RDONLY | os.ST_NOSUID))
    assert problems(read(secrets, SECRETS_DIR=str(secrets))) == []


@pytest.mark.parametrize(
    ("written", "form"),
    [
        ("[lamp]\nwatts = true", "HOUSE_LAMP__WATTS ({}:2) should be a whole number, 1 to 100, like 5."),
        ("[lamp]\nwatts = 7.0", "HOUSE_LAMP__WATTS ({}:2) should be a whole number, 1 to 100, like 5."),
        ("[lamp]\nglow = true", "HOUSE_LAMP__GLOW ({}:2) should be a time, like 1s."),
        ("[lamp]\nis_on = 1", "HOUSE_LAMP__IS_ON ({}:2) should be true or false, like false."),
        ("[lamp]\nplans = ' '", "HOUSE_LAMP__PLANS ({}:2) should be a path, like /path/to/it."),
        ("[ceiling.shade]\nwidth = true", "HOUSE_CEILING__SHADE__WIDTH ({}:2) should be a number, like 1.0."),
    ],
)
def test_a_value_of_another_kind_is_refused_and_not_bent_until_it_fits(written: str, form: str, tmp_path: Path) -> None:
    toml = private(tmp_path / "house.toml", written)
    reading = read(tmp_path, CONFIG_FILE=str(toml))
    assert problems(reading) == [form.format(toml)]
    assert reading.settings is None


def test_a_value_of_toml_is_of_its_kind_or_text_as_in_a_variable(tmp_path: Path) -> None:
    toml = private(
        tmp_path / "house.toml",
        "[lamp]\nwatts = 7\nglow = 90\nis_on = true\nplans = 'here'\n[ceiling.shade]\nwidth = 2",
    )
    house = read(tmp_path, CONFIG_FILE=str(toml)).usable()
    lamp = house.lamp
    assert (lamp.watts, lamp.glow, lamp.is_on, lamp.plans) == (7, timedelta(seconds=90), True, Path("here"))
    assert house.ceiling.shade.width == 2

    toml.write_text("[lamp]\nwatts = '7'\nglow = 1.5\nis_on = 'true'\n")
    lamp = read(tmp_path, CONFIG_FILE=str(toml)).usable().lamp
    assert (lamp.watts, lamp.glow, lamp.is_on) == (7, timedelta(seconds=1.5), True)


def test_a_secret_in_a_file_that_everybody_can_read_is_warned_of(tmp_path: Path) -> None:
    env = tmp_path / "house.env"
    env.write_text("HOUSE_LAMP__WATTS=1\n")
    env.chmod(0o644)
    assert read(tmp_path, ENV_FILE=str(env)).warnings == ()

    env.write_text("LAMP_KEY=swordfish\n")
    (warning,) = read(tmp_path, ENV_FILE=str(env)).warnings
    assert (
        warning.says == f"{env} can be read by everybody on this machine, and holds HOUSE_LAMP__KEY; chmod o-r {env}."
    )


def test_only_development_reads_a_file_that_nobody_named(tmp_path: Path) -> None:
    env = private(tmp_path / ".env", "HOUSE_LAMP__WATTS=7\n")

    assert read(tmp_path, PROFILE="development").usable().lamp.watts == 7
    assert read(tmp_path, PROFILE="development").places["HOUSE_LAMP__WATTS"] == f"{env}:1"
    assert read(tmp_path, PROFILE="development", ENV_FILE="").usable().lamp.watts == 5
    for profile in ({}, {"PROFILE": "production"}, {"PROFILE": "test"}):
        reading = read(tmp_path, **profile)
        assert reading.usable().lamp.watts == 5
        (note,) = reading.notes
        assert note.startswith("There is a .env here, and nothing in it was read: ")
        assert note.endswith('export HOUSE_ENV_FILE="$PWD/.env"')
    assert read(tmp_path, ENV_FILE=str(env)).usable().lamp.watts == 7


def test_what_names_files_is_not_read_from_files(tmp_path: Path) -> None:
    env = private(tmp_path / "house.env", "HOUSE_CONFIG_FILE=elsewhere\n")
    with pytest.raises(
        ConfigurationError, match=r"HOUSE_CONFIG_FILE \(.*house\.env:1\) is read from the environment only"
    ):
        read(tmp_path, ENV_FILE=str(env)).usable()


@pytest.mark.parametrize("text", ["[lamp\n", "lamp = [", "[lamp]\nwatts = SEKRET\n", "[lamp]\nwatts = 1\nwatts = 2\n"])
def test_toml_that_is_none_is_refused_with_its_place(text: str, tmp_path: Path) -> None:
    toml = private(tmp_path / "house.toml", text)
    (told,) = problems(read(tmp_path, CONFIG_FILE=str(toml)))
    assert told.startswith(f"{toml}: ")
    assert "line" in told or "end of document" in told
    assert "SEKRET" not in told


class Cellar(Section):
    """A cellar."""

    key: Secret = Field(examples=["a key"])
    """Opens it."""

    wine: int = 0
    """How many bottles."""


class Estate(Section):
    """An estate."""

    cellar: Cellar
    watts: int = Field(examples=[5])
    """How bright it is."""


EMPTY: Rule[Estate] = Rule(
    "cellars-are-full", Weight.BROKEN, ("CELLAR__WINE",), "Cellars are full.", lambda estate: "is empty"
)


def visited(tmp_path: Path, **environment: str) -> Reading[Estate]:
    return validate(Estate, gather(Estate, environment, prefix="", workplace=tmp_path), rules=(EMPTY,))


@pytest.mark.parametrize(
    ("case", "name", "text"),
    [
        ("no file", "ENV_FILE", None),
        ("no text", "ENV_FILE", "\0"),
        ("a line without a name", "ENV_FILE", '"CELLAR__KEY = x"\n'),
        ("no TOML", "CONFIG_FILE", "[cellar\n"),
        ("no file in TOML", "CONFIG_FILE", None),
        ("no folder", "SECRETS_DIR", None),
    ],
)
def test_where_a_file_cannot_be_read_nothing_is_called_missing_that_may_stand_there(
    case: str, name: str, text: str | None, tmp_path: Path
) -> None:
    file = tmp_path / "file"
    if text is not None:
        private(file, text)
    reading = visited(tmp_path, WATTS="SEKRET", **{name: str(file)})

    assert reading.settings is None, case
    told = [mistake.says.partition(" ")[0].partition(":")[0] for mistake in reading.mistakes]
    assert told == [str(file) if (name == "CONFIG_FILE" and text) or "line" in case else name, "WATTS"], case
    assert list(mending(reading)) == []
    assert {shown.variable: shown.source for shown in showing(reading)} == {
        "CELLAR__KEY": "unknown",
        "CELLAR__WINE": "unknown",
        "WATTS": "environment",
    }
    assert reading.notes[-1].startswith("What may stand in a place that cannot be read is not judged")


@pytest.mark.parametrize("source", ["a secret", "a line"])
def test_of_a_place_that_names_its_variable_only_that_one_is_not_judged(
    source: str, tmp_path: Path, secrets: Path
) -> None:
    private(secrets / "CELLAR__KEY", "sword\0fish")
    env = private(tmp_path / "file", "CELLAR__KEY=sword fish\nSOMEBODYS=$HOME\n")
    named = {"SECRETS_DIR": str(secrets)} if source == "a secret" else {"ENV_FILE": str(env)}
    reading = visited(tmp_path, **named)

    assert [mistake.variable for mistake in reading.mistakes if not mistake.rule] == (
        ["CELLAR__KEY", "WATTS"] if source == "a secret" else ["CELLAR__KEY", "", "WATTS"]
    )
    assert [mistake.rule for mistake in reading.mistakes if mistake.rule] == ["cellars-are-full"]
    assert list(mending(reading)) == []

    known = visited(tmp_path, CELLAR__KEY="a", WATTS="5", **named)  # the environment wins over both
    assert list(mending(known)) == []
    assert known.settings is not None
    assert known.mistakes[0].place == (str(secrets / "CELLAR__KEY") if source == "a secret" else f"{env}:1")
