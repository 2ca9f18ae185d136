"""The reference of the settings names each variable, with what it takes and what counts without it."""

from habits import settings_reference
from threadly.core.config import forms
from threadly.core.config.names import Names
from threadly.settings import RULES, Settings


def test_every_variable_is_named_with_its_text() -> None:
    page = settings_reference.text()

    for name, variable in Names(Settings, prefix="THREADLY_", aliases={}).variables.items():
        if name not in {"THREADLY_SITE__TAGLINE", "THREADLY_SITE__COLOURS"}:  # a file only
            (line,) = (line for line in page.splitlines() if line.startswith(f"| `{name}`"))
            assert line.endswith(f"| {forms.told(variable.field)} |")


def test_a_variable_is_told_with_its_type_limits_default_and_other_name() -> None:
    page = settings_reference.text()

    assert "| `THREADLY_DATABASE__URL` (or `DATABASE_URL`) | an address that begins with postgresql://" in page
    assert "| `THREADLY_DATABASE__POOL_SIZE` | a whole number, 2 to 1000 | `10` |" in page
    assert "| `THREADLY_DATABASE__STATEMENT_TIMEOUT` | a time, 1ms to 20d | `5s` |" in page
    assert "| `THREADLY_MEDIA__ACCESS_KEY` | text, secret, like `AKIA…` |  | The name of the key" in page
    assert "| `THREADLY_SITE__LANGUAGES` | a list, separated by commas | `en,bg,de` |" in page


def test_every_rule_is_named_with_its_weight_and_what_it_looks_at() -> None:
    page = settings_reference.text()
    for rule in RULES:
        (line,) = (line for line in page.splitlines() if line.startswith(f"| `{rule.code}` |"))
        assert f"| {rule.weight} | {rule.says} |" in line
        assert all(f"`{name}`" in line for name in rule.reads)
