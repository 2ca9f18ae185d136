"""The reference of the settings names each variable, with what it takes and what counts without it."""

from collections.abc import Iterator

from habits import settings_reference
from threadly.core.config import Section
from threadly.settings import Settings


def test_every_variable_is_named_with_its_text() -> None:
    page = settings_reference.text()

    for variable, told in _each(Settings, "THREADLY"):
        if variable not in {"THREADLY_SITE__TAGLINE", "THREADLY_SITE__COLOURS"}:  # a file only
            (line,) = (line for line in page.splitlines() if f"`{variable}`" in line)
            assert line.endswith(f"| {told} |")


def _each(kind: type[Section], prefix: str, joint: str = "_") -> Iterator[tuple[str, str]]:
    for name, field in kind.model_fields.items():
        variable = f"{prefix}{joint}{name.upper()}"
        if isinstance(field.annotation, type) and issubclass(field.annotation, Section):
            yield from _each(field.annotation, variable, "__")
        else:
            yield variable, settings_reference.told(field)


def test_a_variable_is_told_with_its_type_limits_default_and_other_name() -> None:
    page = settings_reference.text()

    assert "| `THREADLY_DATABASE__URL` (or `DATABASE_URL`) | text, secret | must be said | PostgreSQL 16" in page
    assert "| `THREADLY_DATABASE__POOL_SIZE` | whole number, 2 to 1000 | `10` |" in page
    assert "| `THREADLY_DATABASE__STATEMENT_TIMEOUT` | time, PT0.001S or more | `PT5S` |" in page
    assert "| `THREADLY_MEDIA__ACCESS_KEY` | text, secret |  | The name of the key" in page
    assert "| `THREADLY_SITE__LANGUAGES` | list | `en,bg,de` |" in page
    assert "| `THREADLY_OBSERVABILITY__LOGS__LEVEL` | text | `info` |" in page
