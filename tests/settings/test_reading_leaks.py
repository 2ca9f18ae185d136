"""Nothing of many broken installations shows a secret byte; the same environments make pydantic-settings print some.

A marker stands for a secret. It is put where it belongs, and where it does not: into numbers, unknown names, files that
are half-written, and addresses. Then all that a person or a program may be shown of the refusal is searched for it.
The long form: THREADLY_TEST_BROKEN_INSTALLATIONS=500.
"""

import io
import logging
import os
import pickle
import random
import traceback
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import structlog
from pydantic import BaseModel, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict
from rich.console import Console
from rich.traceback import Traceback

from tests.settings.installations import GOOD
from threadly.commands.check import check
from threadly.commands.config import show
from threadly.core.config import ConfigurationError, forms
from threadly.core.config.names import Names
from threadly.settings import CONVENTIONAL, Settings, read

ENVIRONMENTS = int(os.environ.get("THREADLY_TEST_BROKEN_INSTALLATIONS", "100"))
VARIABLES = Names(Settings, prefix="THREADLY_", aliases=CONVENTIONAL).variables
SECRETS = [name for name, variable in VARIABLES.items() if forms.is_secret(variable.field)]
SIGNS = "0123456789abcdef"
ADDRESSES = ("postgresql://u:{}@h:5432/d", "postgresql://u:x/{}@h/d", "redis://:{}#@h", "http://{}")
SHAPES = ("{}", "{}!", "12{}", "{}\n", "[{}]", *ADDRESSES)
NAMES_OF_FILES = ("THREADLY_SECRETS_DIR", "THREADLY_ENV_FILE", "THREADLY_CONFIG_FILE")
LINES = ("THREADLY_JOBS__POLL={}", "THREADLY_SITE__NAME '{}", "{} X", 'A="{}')
TABLES = ('[jobs]\npoll = "{}"', "[jobs]\npoll = {}", '[jobs]\npoll = "{}', '[security]\nsecret = ["{}"]')


@dataclass(slots=True)
class Installation:
    """What one is told, and the markers in it."""

    environment: dict[str, str] = field(default_factory=dict, repr=False)
    markers: list[str] = field(default_factory=list)
    hidden: list[str] = field(default_factory=list)
    """Those that are in secrets, and so are not even shown to who asks for all settings."""


def marker(chance: random.Random) -> str:
    return "5EC" + "".join(chance.choices(SIGNS, k=20))


def broken(number: int, folder: Path) -> Installation:
    """An installation with secrets in their places, and more of them in one to six places where something is wrong."""
    chance = random.Random(number)
    made = Installation(dict(GOOD))
    for name in SECRETS:
        if chance.random() < 0.5:
            made.hidden.append(marker(chance))
            made.environment[name] = chance.choice(SHAPES).format(made.hidden[-1])
    for _ in range(chance.randint(1, 6)):
        made.markers.append(marker(chance))
        value = chance.choice(SHAPES).format(made.markers[-1])
        made.environment |= misplaced(value, chance, folder / str(number))
    made.environment.setdefault("THREADLY_JOBS__CONCURRENCY", "none")
    return made


def misplaced(value: str, chance: random.Random, place: Path) -> dict[str, str]:
    """One thing that is wrong, or may be."""
    name = chance.choice(list(VARIABLES))
    match chance.randrange(7):
        case 0:
            at = chance.randrange(len(name))
            return {name[:at] + name[at + 1 :]: value}
        case 1:
            return {chance.choice(NAMES_OF_FILES): value}
        case 2:
            file = place.with_suffix(".env")
            file.write_text("\n".join(chance.sample(LINES, 3)).replace("{}", value))
            return {"THREADLY_ENV_FILE": str(file)}
        case 3:
            file = place.with_suffix(".toml")
            file.write_text(chance.choice(TABLES).replace("{}", value))
            return {"THREADLY_CONFIG_FILE": str(file)}
        case 4:
            place.mkdir(exist_ok=True)
            (place / "THREADLY_JOBS__LEASE").write_text(value)
            return {"THREADLY_SECRETS_DIR": str(place)}
        case _:
            return {name: value}


def shown_of(refusal: Exception, *, with_rich: bool) -> Iterator[tuple[str, str]]:
    """Everything that somebody may be shown of a refusal."""
    yield "message", str(refusal)
    yield "representation", repr(refusal) + repr(refusal.args) + repr(vars(refusal))
    yield "pickle", pickle.dumps(refusal).decode("latin-1")
    with_locals = traceback.TracebackException.from_exception(refusal, capture_locals=True)
    yield "traceback with locals", "".join(with_locals.format())
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    log = logging.getLogger("leaks")
    log.addHandler(handler)
    log.error("refused", exc_info=refusal)
    log.removeHandler(handler)
    yield "log", stream.getvalue()
    if with_rich:
        console = Console(file=io.StringIO(), width=4000)
        console.print(Traceback.from_exception(type(refusal), refusal, refusal.__traceback__, show_locals=True))
        yield "rich", str(console.file.getvalue() if isinstance(console.file, io.StringIO) else "")
        structured = structlog.tracebacks.ExceptionDictTransformer(show_locals=True, locals_max_string=10_000)
        yield "structlog", repr(structured((type(refusal), refusal, refusal.__traceback__)))


def set_up(installation: Installation, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("THREADLY_")]:
        monkeypatch.delenv(name)
    for name, value in installation.environment.items():
        monkeypatch.setenv(name, value)


def refused() -> ConfigurationError | None:
    """What this process is refused; from a frame that holds nothing, as that of a program does not."""
    try:
        Settings.from_environment()
    except ConfigurationError as refusal:
        return refusal
    return None


def test_no_secret_byte_is_shown_of_broken_installations(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    for number in range(ENVIRONMENTS):
        made = broken(number, tmp_path)
        set_up(made, monkeypatch)
        refusal = refused()
        assert refusal is not None, number
        places = [*shown_of(refusal, with_rich=number % 10 == 0), ("reading", repr(read().mistakes))]
        if number % 5 == 0:
            for json in (False, True):
                assert check(json=json) == 2
                places.append(("threadly check", capsys.readouterr().out))
        for place, text in places:
            assert not any(secret in text for secret in (*made.markers, *made.hidden)), f"{place} of {number}"
        if number % 5 == 0:
            assert show() == 2
            said = capsys.readouterr().out
            assert not any(secret in said for secret in made.hidden), number


class Database(BaseModel):
    """As one writes it with pydantic-settings: an address that is secret, and numbers."""

    url: SecretStr = Field(min_length=10, max_length=60)
    pool_size: int = 10


class Security(BaseModel):
    """A secret."""

    secret: SecretStr = Field(min_length=32, max_length=60)


class Jobs(BaseModel):
    """Numbers."""

    concurrency: int = 16
    lease: float = 4


class Twin(BaseSettings):
    """The same in pydantic-settings, by its own advice: prefix, nested models, SecretStr."""

    model_config = SettingsConfigDict(env_prefix="THREADLY_", env_nested_delimiter="__", extra="forbid")

    database: Database
    security: Security
    jobs: Jobs = Jobs()


def test_pydantic_settings_shows_some_in_the_same_environments(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    leaks = 0
    for number in range(ENVIRONMENTS):
        made = broken(number, tmp_path)
        set_up(made, monkeypatch)
        with pytest.raises(ValidationError) as refusal:
            Twin()  # type: ignore[call-arg]
        leaks += any(secret in str(refusal.value) for secret in (*made.markers, *made.hidden))
    assert leaks > 0


def test_settings_that_are_right_show_no_secret_either(tmp_path: Path) -> None:
    settings = Settings.from_environment(GOOD)
    kept = [GOOD["THREADLY_SECURITY__SECRET"], "4aQm8Zt1", "9rXk2Wv7"]
    shown = (
        repr(settings),
        str(settings),
        repr(vars(settings)),
        repr(vars(settings.database)),
        settings.model_dump_json(),
    )
    assert not any(secret in text for secret in kept for text in shown)
    with pytest.raises(TypeError, match="not pickled"):
        pickle.dumps(settings)
    with pytest.raises(TypeError):
        vars(settings.security.secret)
