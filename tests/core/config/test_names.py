"""Every slip of the pen in a name finds the name that was meant."""

import os
from collections.abc import Iterator
from string import ascii_uppercase

import pytest

from threadly.core.config.names import Names
from threadly.settings import CONVENTIONAL, Settings

NAMES = Names(Settings, prefix="THREADLY_", aliases=CONVENTIONAL)
KEPT = 0.95
EACH = int(os.environ.get("THREADLY_TEST_SLIPS_EACH", "4"))
"""Of so many slips one is tried; the long form tries all."""


def slips(name: str) -> Iterator[tuple[str, str]]:
    """Every deletion and transposition, and an insertion and a substitution at each place, with the kind of each."""
    for at in range(len(name)):
        other = ascii_uppercase[(at * 7 + 3) % 26]
        yield "deletion", name[:at] + name[at + 1 :]
        yield "insertion", name[:at] + other + name[at:]
        if other != name[at]:
            yield "substitution", name[:at] + other + name[at + 1 :]
        if at and name[at - 1] != name[at]:
            yield "transposition", name[: at - 1] + name[at] + name[at - 1] + name[at + 1 :]


@pytest.mark.parametrize("kind", ["deletion", "insertion", "substitution", "transposition"])
def test_at_least_95_of_100_single_slips_are_refused_with_the_name_that_was_meant(kind: str) -> None:
    known = [*NAMES.variables, *NAMES.files]
    every = [(slip, name) for name in known for how, slip in slips(name) if how == kind and slip not in known]
    corpus = every[::EACH]
    found = 0
    for slip, name in corpus:
        refusal = NAMES.refusal(slip, "environment")
        found += refusal is not None and refusal.says.endswith(f"did you mean {name}?")

    assert len(every) > 800
    assert found >= KEPT * len(corpus), f"{found} of {len(corpus)}"


def test_a_name_that_is_not_ours_is_none_of_our_business() -> None:
    for name in (
        "PATH",
        "HOME",
        "DATABASE_URI",
        "THREAD_SITE",
        "XTHREADLY",
        "threadly_home",
        "threadly_site",
        "database_url",
        "",
    ):
        assert NAMES.refusal(name, "environment") is None, name


def test_the_variables_that_name_files_are_read_from_the_environment_only() -> None:
    refusal = NAMES.refusal("THREADLY_ENV_FILE", ".env:1")
    assert refusal is not None
    assert refusal.says == "THREADLY_ENV_FILE (.env:1) is read from the environment only."


@pytest.mark.parametrize(
    "name", ["threadly_database__url", "Threadly_Database__Url", "thredly_database__url", "threadly_database__ulr"]
)
def test_a_variable_of_ours_in_small_letters_is_told_with_its_name(name: str) -> None:
    refusal = NAMES.refusal(name, "environment")
    assert refusal is not None
    assert refusal.says == f"{name} (environment) looks like a slip; did you mean THREADLY_DATABASE__URL?"
    assert refusal.variable == "THREADLY_DATABASE__URL"


def test_no_variable_of_ours_is_missed_in_small_letters() -> None:
    for name in (*NAMES.variables, *NAMES.files):
        refusal = NAMES.refusal(name.lower(), "environment")
        assert refusal is not None
        assert refusal.says.endswith(f"did you mean {name}?")
