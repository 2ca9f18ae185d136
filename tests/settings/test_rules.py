"""Each rule is seen to fire, alone, and to stay silent right beside that."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from tests.settings.installations import GOOD
from threadly.core.config import Profile, Section, Weight
from threadly.core.config.names import Names
from threadly.settings import RULES, Settings, connections_of, read

BUCKET = {"MEDIA__FOLDER": None, "MEDIA__URL": "s3://bucket"}


class Case(NamedTuple):
    """What is changed in an installation where all is well, so that a rule fires; and so that it still does not."""

    fires: Mapping[str, str | None]
    silent: Mapping[str, str | None] = {}


CASES: dict[str, Case] = {
    "site-by-https": Case({"SITE__URL": "http://shop.example"}, {"SITE__URL": "https://shop.example:8443"}),
    "site-has-an-address": Case(
        {"SITE__URL": "https://localhost:8000"}, {"SITE__URL": "https://localhost:8000", "PROFILE": "test"}
    ),
    "profile-fits-address": Case(
        {"PROFILE": "development"}, {"PROFILE": "development", "SITE__URL": "https://shop.lan"}
    ),
    "taglines-are-spoken": Case({"SITE__FOLDER": "unspoken"}, {"SITE__FOLDER": "spoken"}),
    "pictures-stay": Case({"MEDIA__FOLDER": "/var/tmp/shop"}, {"MEDIA__FOLDER": "/var/tmp-not/shop"}),
    "pictures-are-apart": Case(
        {"MEDIA__FOLDER": "spoken/../spoken/media", "SITE__FOLDER": "spoken"},
        {"MEDIA__FOLDER": "media", "SITE__FOLDER": "spoken"},
    ),
    "pictures-have-an-origin": Case(
        {"MEDIA__ORIGIN": None}, {"MEDIA__ORIGIN": None, "PROFILE": "development", "SITE__URL": "http://shop.lan"}
    ),
    "debugging-is-over": Case({"OBSERVABILITY__LOGS__LEVEL": "debug"}, {"OBSERVABILITY__LOGS__LEVEL": "info"}),
    "log-can-be-written": Case(
        {"OBSERVABILITY__LOGS__FILE": "nowhere/shop.log"}, {"OBSERVABILITY__LOGS__FILE": "spoken/shop.log"}
    ),
    "limits-are-kept": Case({"LIMITS__WIDENED": "2"}, {"LIMITS__GENERAL": "1000"}),
    "secret-is-random": Case(
        {"SECURITY__SECRET": "0123456789abcdef" * 4}, {"SECURITY__SECRET": "5f1c07be93d82a64fe60b91d4c7a3582"}
    ),
    "secrets-are-your-own": Case(
        {"DATABASE__URL": "postgresql://shop:changeme@db/shop"}, {"DATABASE__URL": "postgresql://change:me4Z9@db/shop"}
    ),
    "secrets-serve-one-use": Case(
        {"CACHE__URL": "redis://:4aQm8Zt1@valkey"}, {"CACHE__URL": "redis://4aQm8Zt1:9rXk2Wv7@valkey"}
    ),
    "database-password-is-no-guess": Case(
        {"DATABASE__URL": "postgresql://shop:Postgres@db.example/shop?ssl=require"},
        {"DATABASE__URL": "postgresql://shop:postgres@db/shop"},
    ),
    "processes-fit-connections": Case(
        {"DATABASE__CONNECTIONS": "70"}, {"DATABASE__CONNECTIONS": "71"}
    ),  # 4 workers × 13, and 10 + 4 + 1 + 2 + 2 for the jobs
    "owner-is-at-home": Case(
        {"DATABASE__OWNER_URL": "postgresql://owner:7dQx2Lm9@db/another"},
        {"DATABASE__OWNER_URL": "postgresql://owner:7dQx2Lm9@pooler:6432/shop"},
    ),
    "replicas-are-others": Case(
        {"DATABASE__REPLICAS": "postgresql://reader:4aQm8Zt1@db.internal:5432/shop"},
        {
            "DATABASE__URL": "postgresql://shop:4aQm8Zt1@db.internal,db2.internal/shop",
            "DATABASE__REPLICAS": "postgresql://shop:4aQm8Zt1@db.internal/shop,postgresql://s@db2.internal/shop",
        },
    ),
    "processes-fit-memory": Case({"SERVER__MEMORY_MIB": "4500"}, {"SERVER__MEMORY_MIB": "80000"}),
    "database-by-tls": Case(
        {"DATABASE__URL": "postgresql://shop:4aQm8Zt1@db.example/shop?sslmode=prefer"},
        {"DATABASE__URL": "postgresql://shop:4aQm8Zt1@db.example/shop?sslmode=verify-full"},
    ),
    "cache-by-tls": Case(
        {"CACHE__URL": "redis://:9rXk2Wv7@valkey.example"}, {"CACHE__URL": "rediss://:9rXk2Wv7@valkey.example"}
    ),
    "cache-by-password": Case({"CACHE__URL": "rediss://valkey.example"}, {"CACHE__URL": "redis://valkey"}),
    "bucket-by-tls": Case(
        BUCKET | {"MEDIA__ENDPOINT": "http://localhost:9000"}, BUCKET | {"MEDIA__ENDPOINT": "https://objects.example"}
    ),
    "proxies-are-named": Case(
        {"SERVER__TRUSTED_PROXIES": None},
        {"SERVER__TRUSTED_PROXIES": None, "SITE__URL": "http://shop.example", "PROFILE": "development"},
    ),
    "metrics-are-private": Case(
        {"OBSERVABILITY__OPS__LISTEN": "[0:0:0:0:0:0:0:0]:9464"},
        {"OBSERVABILITY__OPS__LISTEN": "10.0.0.8:9464", "OBSERVABILITY__OPS__WORK_LISTEN": "off"},
    ),
    "proxies-are-few": Case(
        {"SERVER__TRUSTED_PROXIES": "10.0.0.7,0.0.0.0/0"}, {"SERVER__TRUSTED_PROXIES": "10.0.0.0/8"}
    ),
    "requests-end-while-draining": Case({"SERVER__DRAIN": "PT9S"}, {"SERVER__DRAIN": "PT10S"}),
    "waits-fit-deadline": Case({"DATABASE__POOL_WAIT": "PT11S"}, {"DATABASE__POOL_WAIT": "PT10S"}),
    "jobs-may-take-longer": Case({"JOBS__STATEMENT_TIMEOUT": "PT4S"}, {"JOBS__STATEMENT_TIMEOUT": "PT5S"}),
    "lost-jobs-are-seen": Case({"JOBS__POLL": "PT5S"}, {"JOBS__POLL": "PT4S"}),
    "jobs-wait-briefly": Case({"JOBS__CONCURRENCY": "41"}, {"JOBS__CONCURRENCY": "40"}),
    "sessions-go-idle-first": Case({"AUTH__SESSION_IDLE": "P181D"}, {"AUTH__SESSION_IDLE": "P180D"}),
    "sessions-end": Case({"AUTH__SESSION_LONGEST": "P367D"}, {"AUTH__SESSION_LONGEST": "P366D"}),
    "passwords-are-hashed-well": Case(
        {"AUTH__HASH_PASSES": "1"}, {"AUTH__HASH_PASSES": "1", "AUTH__HASH_MEMORY_KIB": str(46 * 1024)}
    ),
}
WEIGHTS = {rule.code: rule.weight for rule in RULES}


@pytest.fixture
def sites(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name, language in (("spoken", "en"), ("unspoken", "de")):
        (tmp_path / name).mkdir()
        (tmp_path / name / "site.toml").write_text(f'languages = ["en"]\ntagline = {{ {language} = "Hello" }}\n')
    monkeypatch.chdir(tmp_path)
    return tmp_path


def installed(changes: Mapping[str, str | None]) -> dict[str, str]:
    changed: dict[str, str | None] = {**GOOD, **{f"THREADLY_{name}": value for name, value in changes.items()}}
    return {name: value for name, value in changed.items() if value is not None}


def broken(changes: Mapping[str, str | None]) -> tuple[set[str], set[str]]:
    """The codes of rules that refuse, and of those that warn; nothing else is wrong."""
    reading = read(installed(changes))
    assert reading.settings is not None, reading.mistakes
    assert all(mistake.rule for mistake in reading.mistakes), reading.mistakes
    return {mistake.rule for mistake in reading.mistakes}, {warning.rule for warning in reading.warnings}


def test_an_installation_where_all_is_well_breaks_none() -> None:
    assert broken({}) == (set(), set())


def test_every_rule_has_a_case_that_fires_and_one_that_does_not() -> None:
    assert len(RULES) == len({rule.code for rule in RULES})
    assert CASES.keys() == {rule.code for rule in RULES}


@pytest.mark.parametrize("code", CASES)
def test_a_rule_fires_and_refuses_in_production_what_it_should(code: str, sites: Path) -> None:
    refused, warned = broken(CASES[code].fires)
    assert code in refused | warned
    in_production = CASES[code].fires.get("PROFILE") is None
    assert (code in refused) is (WEIGHTS[code] is Weight.BROKEN or (WEIGHTS[code] is Weight.UNSAFE and in_production))


@pytest.mark.parametrize("code", CASES)
def test_a_rule_is_silent_right_beside_that(code: str, sites: Path) -> None:
    refused, warned = broken(CASES[code].silent)
    assert code not in refused | warned


@pytest.mark.parametrize(
    ("headers", "is_refused"),
    [
        ("api-key=4aQm8Zt19rXk2Wv7,x-honeycomb-dataset=threadly", False),
        ("x-secret-token=4aQm8Zt19rXk2Wv7", False),
        ("x-dataset=threadly,api-key=changeme", True),
    ],
)
def test_of_headers_only_what_they_say_is_a_secret_and_it_may_name_the_product(headers: str, is_refused: bool) -> None:
    refused, warned = broken({"OBSERVABILITY__TRACING__HEADERS": headers})
    assert ("secrets-are-your-own" in refused) is is_refused
    assert warned == set()


@pytest.mark.parametrize("code", [code for code, weight in WEIGHTS.items() if weight is Weight.UNSAFE])
@pytest.mark.parametrize("profile", ["development", "test"])
def test_a_missing_protection_is_a_warning_outside_of_production(code: str, profile: str, sites: Path) -> None:
    refused, warned = broken({**CASES[code].fires, "PROFILE": profile})
    assert refused == set()
    assert code in warned


@pytest.mark.parametrize("code", CASES)
def test_a_rule_says_which_variables_where_they_stand_and_what_should_hold(code: str, sites: Path) -> None:
    (rule,) = (rule for rule in RULES if rule.code == code)
    reading = read(installed(CASES[code].fires))
    (told,) = (each for each in (*reading.mistakes, *reading.warnings) if each.rule == code)

    assert told.variable in rule.reads
    assert told.says.startswith(f"{told.variable} (")
    assert told.says.endswith(f" {rule.says} [{code}]")
    assert told.mends
    for variable in re.findall(r"THREADLY_\w+", told.mends):
        assert variable in rule.reads, variable
    for secret in ("4aQm8Zt1", "9rXk2Wv7", "changeme", "0123456789abcdef"):
        assert secret not in told.says


class Watched:
    """Settings that note what is read of them."""

    def __init__(self, of: Any, noted: set[str], path: str) -> None:  # noqa: ANN401
        self._of, self._noted, self._path = of, noted, path

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401
        found = getattr(self._of, name)
        path = f"{self._path}{name.upper()}"
        if isinstance(found, Section):
            return Watched(found, self._noted, f"{path}__")
        self._noted.add(path)
        return found


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_a_rule_looks_at_no_variable_that_it_does_not_name(rule: Any, sites: Path) -> None:  # noqa: ANN401
    known = Names(Settings, prefix="THREADLY_", aliases={}).variables
    assert set(rule.reads) <= known.keys()
    for changes in CASES[rule.code]:
        settings = read(installed({**changes, "PROFILE": "test"})).settings
        noted: set[str] = set()
        rule.check(Watched(settings, noted, "THREADLY_"))
        assert noted <= set(rule.reads)


@pytest.mark.parametrize(
    ("file", "wrong"),
    [
        ("spoken", "is a folder"),
        ("nowhere/shop.log", "is in a folder that is not there"),
        ("spoken/site.toml/shop.log", "is in a folder that is not there"),
        ("/dev/stderr", ""),
        ("spoken/site.toml", ""),
    ],
)
def test_a_log_is_refused_only_where_it_could_not_be_opened(file: str, wrong: str, sites: Path) -> None:
    told = [mistake.says for mistake in read(installed({"OBSERVABILITY__LOGS__FILE": file})).mistakes]
    variable = "THREADLY_OBSERVABILITY__LOGS__FILE (environment)"
    assert told == [f"{variable}: {wrong}. What goes wrong is told. [log-can-be-written]"] * bool(wrong)
    assert not (sites / "spoken/shop.log").exists()


def test_rules_that_can_be_checked_are_told_with_what_is_missing() -> None:
    told = [(mistake.rule, mistake.variable) for mistake in read({}).mistakes]
    assert ("site-by-https", "THREADLY_SITE__URL") in told
    assert ("", "THREADLY_DATABASE__URL") in told


def test_rules_are_checked_where_what_they_read_is_right_whatever_is_wrong_beside_it() -> None:
    changes = {"CACHE__URL": "nonsense", "SECURITY__SECRET": "short", "SERVER__WORKERS": "x", "SERVER__DRAIN": "x"}
    beside = {"DATABASE__URL": "postgresql://shop:changeme@db/shop", "SERVER__TRUSTED_PROXIES": "0.0.0.0/0"}
    reading = read(installed({**changes, **beside}))

    malformed = [mistake.variable for mistake in reading.mistakes if not mistake.rule]
    assert malformed == [f"THREADLY_{name}" for name in changes]
    assert [mistake.rule for mistake in reading.mistakes if mistake.rule] == ["secrets-are-your-own", "proxies-are-few"]


def test_what_may_stand_in_a_site_folder_that_cannot_be_read_is_not_judged(tmp_path: Path) -> None:
    (tmp_path / "site.toml").write_text("url = [\n")
    reading = read(installed({"SITE__FOLDER": str(tmp_path), "SITE__URL": None, "SERVER__TRUSTED_PROXIES": None}))

    (mistake,) = reading.mistakes
    assert mistake.says.startswith("site.toml: ")
    assert reading.warnings == ()
    assert "THREADLY_SITE__URL" in reading.hidden
    assert "THREADLY_DATABASE__POOL_SIZE" not in reading.hidden


@pytest.mark.parametrize(
    ("changes", "code", "mends"),
    [
        (
            {"DATABASE__CONNECTIONS": "70"},
            "processes-fit-connections",
            "THREADLY_DATABASE__CONNECTIONS=71 if the server",
        ),
        ({"SERVER__DRAIN": "1s"}, "requests-end-while-draining", "THREADLY_SERVER__DRAIN=10s"),
        ({"SERVER__TRUSTED_PROXIES": None}, "proxies-are-named", "THREADLY_SERVER__TRUSTED_PROXIES=127.0.0.1 if"),
    ],
)
def test_a_broken_rule_says_what_mends_it(changes: Mapping[str, str | None], code: str, mends: str) -> None:
    reading = read(installed(changes))
    (told,) = (each for each in (*reading.mistakes, *reading.warnings) if each.rule == code)
    assert told.mends.startswith(mends)


@pytest.mark.parametrize(
    ("changes", "which"),
    [
        (
            {"DATABASE__URL": "postgresql://shop:changeme@db/shop"},
            "THREADLY_DATABASE__URL (environment): its password looks",
        ),
        ({"SECURITY__SECRET": "change-me-" * 5}, "THREADLY_SECURITY__SECRET (environment): it looks"),
    ],
)
def test_what_looks_like_one_from_a_page_is_named(changes: Mapping[str, str | None], which: str) -> None:
    (told,) = (each for each in read(installed(changes)).mistakes if each.rule == "secrets-are-your-own")
    assert told.says.startswith(which)


@pytest.mark.parametrize(
    ("changes", "mends"),
    [
        ({"DATABASE__URL": "postgresql://shop:changeme@db.internal/shop"}, ["ALTER ROLE"]),
        ({"SECURITY__SECRET": "change-me-" * 5}, ["openssl rand -base64 32"]),
        ({"SECURITY__KEYS": f"20260901T080000Z:{'change-me-' * 5}"}, ["threadly keys rotate"]),
        ({"CACHE__URL": "redis://:changeme@valkey.internal"}, ["first for the server that asks for it"]),
        (
            {"SECURITY__SECRET": "change-me-" * 5, "CACHE__URL": "redis://:changeme@valkey.internal"},
            ["openssl rand -base64 32", "first for the server that asks for it"],
        ),
    ],
)
def test_each_that_looks_like_one_from_a_page_is_told_with_what_makes_another(
    changes: Mapping[str, str | None], mends: list[str]
) -> None:
    (told,) = (each for each in read(installed(changes)).mistakes if each.rule == "secrets-are-your-own")
    known = ("ALTER ROLE", "openssl rand -base64 32", "threadly keys rotate", "first for the server that asks for it")
    assert [each for each in known if each in told.mends] == mends


PRIMARY = {"DATABASE__URL": "postgresql://shop:4aQm8Zt1@db.internal/shop"}


@pytest.mark.parametrize(
    ("changes", "code", "named"),
    [
        (
            {"DATABASE__REPLICAS": "postgresql://shop:4aQm8Zt1@db2.internal/shop,postgresql://shop:changeme@db3/shop"},
            "secrets-are-your-own",
            ("DATABASE__REPLICAS",),
        ),
        (
            {"DATABASE__REPLICAS": "postgresql://shop:9rXk2Wv7@db2.internal/shop"},
            "secrets-serve-one-use",
            ("DATABASE__REPLICAS", "CACHE__URL"),
        ),
        (
            {"DATABASE__REPLICAS": "postgresql://shop:4aQm8Zt1@db2.internal/shop", "CACHE__URL": "redis://:4aQm8Zt1@v"},
            "secrets-serve-one-use",
            ("DATABASE__URL", "DATABASE__REPLICAS", "CACHE__URL"),
        ),
        (
            {"DATABASE__REPLICAS": "postgresql://shop:postgres@db2.example/shop?sslmode=verify-full"},
            "database-password-is-no-guess",
            ("DATABASE__REPLICAS",),
        ),
        (
            {
                "DATABASE__URL": "nonsense",
                "DATABASE__REPLICAS": "postgresql://shop@db2.example/shop?sslmode=verify-full",
            },
            "database-password-is-no-guess",
            ("DATABASE__REPLICAS",),
        ),
    ],
)
def test_passwords_of_replicas_are_judged_as_that_of_the_primary(
    changes: dict[str, str], code: str, named: tuple[str, ...]
) -> None:
    told = [mistake for mistake in read(installed(PRIMARY | changes)).mistakes if mistake.rule]
    assert [mistake.rule for mistake in told] == [code]
    says, _, _ = told[0].says.partition(":")
    assert says == ", ".join(f"THREADLY_{name} (environment)" for name in named)


def test_replicas_have_the_password_of_the_primary() -> None:
    replicas = ",".join(f"postgresql://shop:4aQm8Zt1@{host}.internal/shop" for host in ("db2", "db3"))
    assert broken(PRIMARY | {"DATABASE__REPLICAS": replicas}) == (set(), set())


@pytest.mark.parametrize(
    ("changes", "of_a_web_worker", "of_a_job_worker"),
    [
        ({}, 8 + 2 + 1, 8 + 4 + 1 + 2 + 2),
        ({"DATABASE__SLOW_AFTER": "0s"}, 8 + 2, 8 + 4 + 1 + 2),
        ({"DATABASE__REPLICAS": "postgresql://reader@db.internal/shop"}, 8 + 2 + 1 + 1, 8 + 4 + 1 + 2 + 2),
    ],
)
def test_all_connections_are_counted(changes: dict[str, str], of_a_web_worker: int, of_a_job_worker: int) -> None:
    own = {"SERVER__MACHINES": "3", "JOBS__PROCESSES": "2", "DATABASE__POOL_SIZE": "8"}
    settings = read(installed(own | changes)).settings
    assert settings is not None
    assert connections_of(settings) == 3 * 4 * of_a_web_worker + 2 * of_a_job_worker


@pytest.mark.parametrize("profile", Profile)
def test_a_weight_refuses_by_profile(profile: Profile) -> None:
    assert Weight.BROKEN.refuses(profile)
    assert Weight.UNSAFE.refuses(profile) is (profile is Profile.PRODUCTION)
    assert not Weight.UNWISE.refuses(profile)
