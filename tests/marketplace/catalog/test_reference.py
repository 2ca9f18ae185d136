"""The catalogue's files are read whole, or refused with what is wrong in them."""

from importlib.resources import files
from pathlib import Path

import pytest

from threadly.marketplace import catalog
from threadly.marketplace.catalog.reference import slug


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the shipped files that a test may spoil."""
    for file in files("threadly.marketplace.catalog.reference").iterdir():
        if file.name.endswith(".toml"):
            (tmp_path / file.name).write_text(file.read_text(encoding="utf-8"), encoding="utf-8")
    return tmp_path


def test_the_shipped_catalogue_has_three_levels_and_what_shoppers_filter_by() -> None:
    reference = catalog.shipped()

    depths = [branch.path.count("/") + 1 for branch in reference.categories]
    assert {depths.count(1), set(depths) == {1, 2, 3}} == {7, True}
    assert 140 <= depths.count(3) <= 170
    assert (len(reference.colours), len(reference.materials)) == (17, 11)
    assert len(reference.brands) >= 150
    assert {"women/shoes", "men/shoes", "kids/shoes"} <= {branch.path for branch in reference.categories}


@pytest.mark.parametrize(
    ("name", "expected"),
    [("Shirts & blouses", "shirts-and-blouses"), ("Kids' Chloé", "kids-chloe"), ("A.P.C.", "a-p-c"), ("Обувки", "")],
)
def test_a_slug_follows_from_a_name(name: str, expected: str) -> None:
    assert slug(name) == expected


@pytest.mark.parametrize(
    ("case", "file", "old", "new", "fault"),
    [
        ("no TOML", "sizes", "[[systems]]", "[[systems", "sizes.toml: "),
        ("unknown key", "colours", "hex =", "hexx =", "colours.toml: .*hexx"),
        ("wrong hex", "colours", "#1f1f23", "#1F1F23", "colours.toml: .*hex"),
        ("wrong type", "materials", '"Cotton"', "7", "materials.toml: "),
        ("long label", "sizes", '"XXS"', f'"{"X" * 21}"', "sizes.toml: "),
        ("blank name", "brands", '"Gucci"', '" "', "brands.toml: "),
        ("no slug possible", "brands", '"Gucci"', '"Шапка"', "'Шапка' needs a slug"),
        ("brand twice", "brands", '"Gucci"', '"PRADA"', "'prada' occurs 2 times"),
        ("leaf twice", "categories", '"Earrings"', '"Necklaces"', "occurs 2 times"),
        (
            "unknown sizes",
            "categories",
            'sizes = "bra"',
            'sizes = "cups"',
            "women/lingerie-and-nightwear/bras .*'cups'",
        ),
    ],
)
def test_a_malformed_file_is_refused_with_what_is_wrong(
    folder: Path, case: str, file: str, old: str, new: str, fault: str
) -> None:
    place = folder / f"{file}.toml"
    content = place.read_text(encoding="utf-8")
    assert old in content, case
    place.write_text(content.replace(old, new, 1), encoding="utf-8")

    with pytest.raises(catalog.ReferenceMalformed, match=fault):
        catalog.read_reference(folder)


def test_a_missing_file_is_refused_by_name(folder: Path) -> None:
    (folder / "brands.toml").unlink()

    with pytest.raises(catalog.ReferenceMalformed, match=r"brands\.toml cannot be read: No such file"):
        catalog.read_reference(folder)


CYRILLIC = """
[[departments]]
name = "Жени"
slug = "zheni"
groups = [{ name = "Дрехи", slug = "drehi", leaves = ["Рокли", "Поли"] }]
"""


def test_names_in_other_letters_need_slugs_and_nothing_else_is_told() -> None:
    with pytest.raises(catalog.ReferenceMalformed) as refusal:
        catalog.read_reference(own={"categories.toml": CYRILLIC})
    shown = '{ name = "Рокли", slug = "rokli" }'
    assert refusal.value.facts["faults"] == [
        f"categories.toml: '{name}' needs a slug of 1 to 60 characters: {shown}." for name in ("Рокли", "Поли")
    ]

    mended = CYRILLIC.replace('"Рокли", "Поли"', f'{shown}, {{ name = "Поли", slug = "poli" }}')
    last = catalog.read_reference(own={"categories.toml": mended}).categories[-1]
    assert (last.path, last.name) == ("zheni/drehi/poli", "Поли")
