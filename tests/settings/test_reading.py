"""An installation is described by variables, under our names or the conventional ones."""

import json
from pathlib import Path

import pytest

from threadly.core.config import ConfigurationError, Section
from threadly.settings import Settings, database_from_environment, read, site_from_environment

WHOLE = {
    "THREADLY_PROFILE": "test",
    "THREADLY_DATABASE__URL": "postgresql://db.example/threadly",
    "THREADLY_CACHE__URL": "redis://cache.example",
    "THREADLY_MEDIA__FOLDER": "/var/media",
    "THREADLY_SECURITY__SECRET": "not-a-secret-" * 3,
}
A_SECRET = "text, secret, 32 characters or more, made by `openssl rand -base64 32`."


def test_what_the_environment_says_is_used_and_the_rest_has_defaults() -> None:
    settings = Settings.from_environment(WHOLE | {"THREADLY_SITE__CURRENCY": "BGN", "PATH": "/bin"})

    assert settings.database.url.get_secret_value() == "postgresql://db.example/threadly"
    assert (settings.site.currency, settings.site.name, settings.database.pool_size) == ("BGN", "Threadly", 10)


def test_conventional_names_are_understood() -> None:
    ours = {name: value for name, value in WHOLE.items() if "URL" not in name}
    settings = Settings.from_environment(ours | {"DATABASE_URL": "postgres://a/b", "REDIS_URL": "redis://c"})

    assert settings.database.url.get_secret_value() == "postgres://a/b"
    assert settings.cache.url.get_secret_value() == "redis://c"


def test_a_short_secret_and_all_that_is_missing_are_named_together_without_any_value() -> None:
    with pytest.raises(ConfigurationError) as refusal:
        Settings.from_environment({"THREADLY_SECURITY__SECRET": "short-and-sweet"})

    assert "short-and-sweet" not in str(refusal.value)
    assert [problem.partition(":")[0] for problem in refusal.value.problems[:3]] == [
        "THREADLY_DATABASE__URL (or DATABASE_URL) is missing",
        "THREADLY_CACHE__URL (or REDIS_URL) is missing",
        "THREADLY_MEDIA__FOLDER is missing",
    ]
    assert refusal.value.problems[3:4] == [
        f"THREADLY_SECURITY__SECRET (environment) should be {A_SECRET}",
    ]


@pytest.mark.parametrize(
    ("case", "variables"),
    [
        ("two places", {"THREADLY_MEDIA__URL": "s3://bucket"}),
        ("half a key", {"THREADLY_MEDIA__ACCESS_KEY": "name"}),
        ("no bucket", {"THREADLY_MEDIA__URL": "https://bucket.example"}),
        ("plain http elsewhere", {"THREADLY_MEDIA__ENDPOINT": "http://objects.example"}),
        ("an address with a key in it", {"THREADLY_MEDIA__ENDPOINT": "https://KEY:geheim@objects.example"}),
        ("plain http to a lookalike", {"THREADLY_MEDIA__ENDPOINT": "http://127.0.0.1.example"}),
    ],
)
def test_a_place_for_pictures_that_is_none_or_two_is_refused(case: str, variables: dict[str, str]) -> None:
    with pytest.raises(ConfigurationError) as refusal:
        Settings.from_environment(WHOLE | variables)

    assert all(problem.startswith("THREADLY_MEDIA") for problem in refusal.value.problems)


def test_pictures_can_be_in_a_bucket_whose_key_stands_nowhere() -> None:
    whole = {name: value for name, value in WHOLE.items() if "FOLDER" not in name}
    bucket = {
        "URL": "s3://bucket/some/prefix",
        "ENDPOINT": "http://127.0.0.1:9000",
        "ACCESS_KEY": "k",
        "SECRET_KEY": "hidden",
    }
    settings = Settings.from_environment(whole | {f"THREADLY_MEDIA__{name}": value for name, value in bucket.items()})

    assert settings.media.folder is None
    assert settings.media.url == "s3://bucket/some/prefix"
    assert "hidden" not in repr(settings)


@pytest.mark.parametrize(
    ("variable", "given", "says"),
    [
        ("SITE__CURRENCY", "bgn", " should be three capital letters, like EUR"),
        (
            "SITE__CURRENCY",
            "LEV",
            ": is no currency by ISO 4217; the Bulgarian Lev is BGN. It should be three",
        ),
        ("SITE__COUNTRY", "Bulgaria", " should be two capital letters, like DE"),
        (
            "SITE__COUNTRY",
            "UK",
            ": is no country by ISO 3166; the United Kingdom is GB. It should be two",
        ),
        ("SITE__COUNTRY", "XX", ": is no country by ISO 3166. It should be two capital letters, like DE"),
        (
            "SITE__LANGUAGES",
            "bulgarian",
            ": a part of it should be two or three small letters, like de. It should be a list",
        ),
        (
            "SITE__URL",
            "zlato.example",
            " should be https:// and the shop's name in small letters, without a path, like https://shop.example",
        ),
        ("SITE__URL", 'https://shop.example"><script>', " should be https:// and the shop's name"),
        ("SITE__URL", "https://SHOP.example", " should be https:// and the shop's name"),
        ("SITE__URL", "https://[abc", " should be https:// and the shop's name"),
        ("SITE__URL", "https://shop.example:99999", ": has a port beyond 65535"),
        ("SITE__FOLDER", "", " is empty; it should be a path, like /path/to/it"),
        ("MEDIA__FOLDER", "", " is empty; it should be a path, like /var/lib/threadly/media"),
        ("MEDIA__ENDPOINT", "https://objects.example\n", ": should be one line of letters, without blanks around it"),
        ("DATABASE__URL", "postgresql://db.example/shop\n", ": should be one line of letters, without blanks around"),
        ("SITE__NAME", " ", ": should be one line of letters, without blanks around it"),
        ("SITE__NAME", "Zlato\x1b[2J", ": should be one line of letters"),
        ("DATABASE__STATEMENT_TIMEOUT", "P999999D", " should be a time"),
        ("AUTH__SESSION_IDLE", "P9999999D", " should be a time"),
        (
            "MEDIA__URL",
            "bucket/prefix",
            " should be s3:// and a bucket, perhaps with a prefix, like s3://bucket/prefix",
        ),
        ("MEDIA__REGION", "Frankfurt am Main", " should be small letters, digits and hyphens, like eu-central-1"),
    ],
)
def test_what_is_written_otherwise_is_refused_with_what_to_write(variable: str, given: str, says: str) -> None:
    with pytest.raises(ConfigurationError) as refusal:
        Settings.from_environment(WHOLE | {f"THREADLY_{variable}": given})

    (told,) = refusal.value.problems
    assert told.startswith(f"THREADLY_{variable} (environment){says}")


def test_no_setting_has_a_pattern_that_a_refusal_would_show() -> None:
    assert '"pattern"' not in json.dumps(Settings.model_json_schema())


def test_proxies_are_addresses_and_networks() -> None:
    settings = Settings.from_environment(WHOLE | {"THREADLY_SERVER__TRUSTED_PROXIES": "unix, 127.0.0.1,2001:db8::/48"})
    assert [str(proxy) for proxy in settings.server.trusted_proxies] == ["unix", "127.0.0.1/32", "2001:db8::/48"]

    for wrong in ("proxy.example", "10.0.0.1/8", "*"):
        with pytest.raises(ConfigurationError) as refusal:
            Settings.from_environment(WHOLE | {"THREADLY_SERVER__TRUSTED_PROXIES": wrong})
        assert all(problem.startswith("THREADLY_SERVER__TRUSTED_PROXIES") for problem in refusal.value.problems)


def test_proxies_of_toml_are_texts(tmp_path: Path) -> None:
    file = tmp_path / "threadly.toml"
    file.write_text('[server]\ntrusted_proxies = ["unix", "127.0.0.1"]\n')
    named = WHOLE | {"THREADLY_CONFIG_FILE": str(file)}
    assert [str(proxy) for proxy in Settings.from_environment(named).server.trusted_proxies] == ["unix", "127.0.0.1/32"]

    file.write_text("[server]\ntrusted_proxies = [1]\n")
    (told,) = read(named).mistakes
    assert told.says.startswith(f"THREADLY_SERVER__TRUSTED_PROXIES ({file}:2): a part of it is no address, and no net")


def test_a_name_in_small_letters_is_told_also_where_the_database_alone_is_read() -> None:
    with pytest.raises(ConfigurationError) as refusal:
        database_from_environment({"threadly_database__url": "postgresql://SEKRET@db.example/threadly"})
    assert refusal.value.problems[1:] == [
        "threadly_database__url (environment) looks like a slip; did you mean THREADLY_DATABASE__URL?"
    ]
    assert "SEKRET" not in str(refusal.value)


def test_the_database_needs_none_of_the_others() -> None:
    url = "postgresql://db.example/threadly"
    assert database_from_environment({"DATABASE_URL": url}).url.get_secret_value() == url


def test_no_secret_stands_in_the_representation() -> None:
    assert "not-a-secret" not in repr(Settings.from_environment(WHOLE))
    assert "db.example" not in repr(Settings.from_environment(WHOLE))


@pytest.mark.parametrize("pages", ["[[1]]", "[0x" + "f" * 5000 + "]", '["nowhere", {}]'])
def test_pages_that_are_no_names_are_told_by_the_file(tmp_path: Path, pages: str) -> None:
    (tmp_path / "site.toml").write_text(f"pages = {pages}")
    with pytest.raises(ConfigurationError) as refusal:
        site_from_environment({"THREADLY_SITE__FOLDER": str(tmp_path)})

    assert all(told.startswith("site.toml: pages") for told in refusal.value.problems)
    assert any("valid string" in told for told in refusal.value.problems)


@pytest.mark.parametrize("variable", ["SITE__FOLDER", "SERVER__TRUSTED_PROXIES", "MEDIA__ENDPOINT", "SITE__COUNTRY"])
def test_a_refusal_does_not_quote_what_was_given(variable: str) -> None:
    (told,) = {str(mistake) for mistake in read(WHOLE | {f"THREADLY_{variable}": "SWORDFISH"}).mistakes}
    assert told.startswith(f"THREADLY_{variable} (environment)")
    assert "SWORDFISH" not in told


def test_what_core_wants_to_be_told_names_no_command_of_the_marketplace() -> None:
    kinds = [Section]
    for kind in kinds:
        kinds += kind.__subclasses__()
    fields = [
        field for kind in kinds if kind.__module__.startswith("threadly.core.") for field in kind.model_fields.values()
    ]
    assert len(fields) > 50
    assert [field.description for field in fields if "`threadly " in (field.description or "")] == []
