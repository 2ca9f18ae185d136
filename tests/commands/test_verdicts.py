"""The state of a database is told so that somebody tired understands it."""

import pytest
from rich.console import Console

from threadly.commands.errors import DowngradeLoses
from threadly.commands.verdicts import refuse_losing, tell_examined
from threadly.core.database.migrating.integrity import Examined, Finding
from threadly.core.database.migrating.losses import Loss

WRONG = Finding("2 rows of orders point nowhere.", "Mend them.")
LOOSE = Finding("Nobody asked.", "Ask.", is_broken=False)


@pytest.mark.parametrize(
    ("findings", "code", "said"),
    [
        ([], 0, ["✓ Nothing is wrong: 2 tables with about 1,203 rows."]),
        (
            [LOOSE],
            1,
            [
                "! Nobody asked.",
                "  Ask.",
                "! Nothing is wrong in 2 tables with about 1,203 rows; 1 thing could be better.",
            ],
        ),
        (
            [WRONG, LOOSE],
            2,
            [
                "✗ 2 rows of orders point nowhere.",
                "  Mend them.",
                "! Nobody asked.",
                "  Ask.",
                "✗ 1 thing wrong in 2 tables with about 1,203 rows. Mend that before you upgrade.",
            ],
        ),
    ],
)
def test_each_finding_is_told_with_what_to_do_and_how_it_stands_in_the_end(
    findings: list[Finding], code: int, said: list[str]
) -> None:
    to = Console(width=200)
    with to.capture() as captured:
        found = tell_examined(Examined("0013", findings, {"a": 1200, "b": 3}, frozenset({"a"})), to)
    assert (found, captured.get().splitlines()) == (code, said)


def test_a_downgrade_that_would_lose_something_is_refused_with_what_and_how_much() -> None:
    refuse_losing([])
    losses = [Loss("0009", "listings", "brand_name", 1), Loss("0008", "favourites", None, 1234)]
    with pytest.raises(DowngradeLoses) as refusal:
        refuse_losing(losses)
    assert str(refusal.value).splitlines()[:3] == [
        "This would lose, by revision:",
        "    0009  listings.brand_name: 1 row with a value",
        "    0008  favourites: 1,234 rows in all",
    ]
    many = [Loss("1", f"t{n}", None, 1) for n in range(25)]
    with pytest.raises(DowngradeLoses, match="and 5 more"):
        refuse_losing(many)
