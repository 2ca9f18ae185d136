"""The reference of the order of the start names each part of the application."""

from dataclasses import fields

from habits import start_order_reference
from threadly.wiring import Services


def test_every_part_is_named_with_what_it_needs() -> None:
    page = start_order_reference.text()

    for field in fields(Services):
        assert f"`{field.name}`" in page
    assert "| `pictures` | `settings`, `db` | closed |" in page
    assert page.index("| `db` |") < page.index("| `pictures` |")
