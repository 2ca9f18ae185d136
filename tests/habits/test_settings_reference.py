"""The reference of the settings names each variable, with what it takes and what counts without it."""

from habits import settings_reference
from threadly.core.config import Section
from threadly.settings import Settings


def test_every_variable_is_named_with_its_text() -> None:
    page = settings_reference.text()

    for section, field in Settings.model_fields.items():
        kind = field.annotation
        assert isinstance(kind, type)
        assert issubclass(kind, Section)
        for name, setting in kind.model_fields.items():
            if (section, name) not in {("site", "tagline"), ("site", "colours")}:  # a file only
                (line,) = (
                    line for line in page.splitlines() if f"`THREADLY_{section}__{name}`".upper() in line.upper()
                )
                assert line.endswith(f"| {settings_reference.told(setting)} |")


def test_a_variable_is_told_with_its_type_limits_default_and_other_name() -> None:
    page = settings_reference.text()

    assert "| `THREADLY_DATABASE__URL` (or `DATABASE_URL`) | text, secret | must be said | PostgreSQL 16" in page
    assert "| `THREADLY_DATABASE__POOL_SIZE` | whole number, 2 to 1000 | `10` |" in page
    assert "| `THREADLY_DATABASE__STATEMENT_TIMEOUT` | time, PT0.001S or more | `PT5S` |" in page
    assert "| `THREADLY_MEDIA__ACCESS_KEY` | text, secret |  | The name of the key" in page
    assert "| `THREADLY_SITE__LANGUAGES` | list | `en,bg,de` |" in page
