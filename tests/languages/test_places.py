"""A translation is filled with values exactly as its English is, or refused."""

import pytest

from threadly.languages.places import fault, placeholders

TEMPLATE = "%(count)s items"
PYTHON = "at most {most}"


@pytest.mark.parametrize(
    ("english", "said"),
    [
        ("Sign in", "Anmelden"),
        ("Sign in", "100 %% einfach"),
        (TEMPLATE, "%(count)s Teile"),
        (TEMPLATE, "%(count)s Teile, 100 %% Wolle"),
        (TEMPLATE, "ein Teil"),
        (PYTHON, "höchstens {most}"),
        (PYTHON, "höchstens {{{most}}}"),
        (PYTHON, "höchstens {most} %%"),
        ("100 % wool", "100 % Wolle"),
        ("a { of one's own", "eine { für sich"),
    ],
)
def test_what_is_filled_as_the_english_is_fine(english: str, said: str) -> None:
    assert fault(said, english) is None


@pytest.mark.parametrize(
    ("english", "said", "reason"),
    [
        ("Sign in", "100 % einfach", "a percent sign is %%"),
        ("Sign in", "einfach: 100 %", "a percent sign is %%"),
        ("Sign in", "%s", "a percent sign is %%"),
        ("Sign in", "%(name)s", "name is not in the English"),
        ("Sign in", "{name}", "name is not in the English"),
        ("Sign in", "{", "only as the English writes it"),
        ("Sign in", "{{", "only as the English writes it"),
        (TEMPLATE, "%(count)d Teile", "only as the English writes it"),
        (TEMPLATE, "%(count)5s Teile", "only as the English writes it"),
        (TEMPLATE, "%(count)s Teile, 100 % Wolle", "a percent sign is %%"),
        (TEMPLATE, "%(cuont)s Teile", "cuont is not in the English"),
        (TEMPLATE, "{count} Teile", "count is not in the English"),
        (PYTHON, "höchstens {}", "only as the English writes it"),
        (PYTHON, "höchstens {0}", "0 is not in the English"),
        (PYTHON, "höchstens {most", "only as the English writes it"),
        (PYTHON, "höchstens {most}}", "only as the English writes it"),
        (PYTHON, "höchstens {most.__class__}", "only as the English writes it"),
        (PYTHON, "höchstens {most[0]}", "only as the English writes it"),
        (PYTHON, "höchstens {most!r}", "only as the English writes it"),
        (PYTHON, "höchstens {most:>99}", "only as the English writes it"),
        (PYTHON, "höchstens {most} %", "a percent sign is %%"),
    ],
)
def test_what_would_break_or_say_more_than_the_english_is_refused(english: str, said: str, reason: str) -> None:
    assert reason in (fault(said, english) or "")


def test_the_names_of_values_are_found_in_both_forms() -> None:
    assert placeholders("%(shop)s, 100 %%(sure)s", "{least} {{not}}") == {"shop", "least"}
