"""The catalogue follows its files, and is never made worse by them."""

from importlib.resources import files
from pathlib import Path

import msgspec
import pytest
from sqlalchemy import func, select

from tests.making import a_brand, a_listing
from threadly.core.database import Database
from threadly.marketplace import catalog
from threadly.marketplace.catalog import Brand, Category, Colour, Size, SizeSystem


async def _paths(db: Database) -> dict[str, tuple[object, ...]]:
    async with db.read() as read:
        columns = (Category.path, Category.id, Category.name, Category.position, Category.size_system)
        return {path: tuple(rest) for path, *rest in await read.execute(select(*columns))}


async def test_the_catalogue_is_installed_once_and_the_same_in_every_database(db: Database) -> None:
    first = await db.run(catalog.install)
    rows = await _paths(db)
    second = await db.run(catalog.install)

    assert first.added["categories"] == len(rows) == len(catalog.shipped().categories)
    assert first.added["brands"] == len(catalog.shipped().brands)
    assert (second.added, second.changed, second.kept) == ({}, {}, {})
    assert str(second) == "Catalogue: up to date."
    assert await _paths(db) == rows
    # The id follows from the path alone: were it to change, listings of other databases could not be brought here.
    assert str(rows["women"][0]) == "019b76da-a800-7bd8-8ac8-662f5085f4a4"


async def test_what_was_renamed_or_moved_follows_and_keeps_its_identity(db: Database) -> None:
    await db.run(catalog.install)
    before = await _paths(db)
    shipped = catalog.shipped()
    renamed = [
        msgspec.structs.replace(branch, name="Frocks", size_system="letters")
        if branch.path == "designer/clothing/dresses"
        else branch
        for branch in shipped.categories
    ]
    colours = tuple(reversed(shipped.colours))

    done = await db.run(catalog.install, msgspec.structs.replace(shipped, categories=tuple(renamed), colours=colours))

    assert done.changed == {"categories": 1, "colours": 16}  # the middle one stays where it is
    after = await _paths(db)
    assert after["designer/clothing/dresses"][:2] == (before["designer/clothing/dresses"][0], "Frocks")
    assert str(done) == "Catalogue: changed 16 colours, 1 categories."


async def test_what_the_files_no_longer_name_stays(db: Database) -> None:
    await db.run(catalog.install)
    listing = await a_listing(db, category="women/clothing/dresses")
    shipped = catalog.shipped()
    fewer = [branch for branch in shipped.categories if branch.path != "women/clothing/dresses"]

    done = await db.run(
        catalog.install, msgspec.structs.replace(shipped, categories=tuple(fewer), brands=shipped.brands[1:])
    )

    assert (done.added, done.changed, done.kept) == ({}, {}, {"categories": 1, "brands": 1})
    async with db.read() as read:
        assert await read.scalar(select(Category.id).where(Category.id == listing.category_id))


async def test_a_name_that_the_catalogue_has_under_another_slug_is_refused_and_nothing_changes(db: Database) -> None:
    await a_brand(db, "zara")

    with pytest.raises(catalog.ReferenceConflicts, match="uq_brands_lower_name"):
        await db.run(catalog.install)

    async with db.read() as read:
        counts = [await read.scalar(select(func.count()).select_from(t)) for t in (Brand, Category, Colour, Size)]
        assert counts == [1, 0, 0, 0]
        assert await read.scalar(select(func.count()).select_from(SizeSystem)) == 0


async def test_an_owner_may_bring_other_files(db: Database, tmp_path: Path) -> None:
    for file in files("threadly.marketplace.catalog.reference").iterdir():
        if file.name.endswith(".toml"):
            (tmp_path / file.name).write_text(file.read_text(encoding="utf-8"), encoding="utf-8")
    (tmp_path / "categories.toml").write_text(
        '[[departments]]\nname = "Жени"\nslug = "zheni"\n[[departments.groups]]\nname = "Обувки"\nslug = "obuvki"\n'
        'sizes = "eu_shoes"\nleaves = [{ name = "Ботуши", slug = "botushi" }]\n',
        encoding="utf-8",
    )

    await db.run(catalog.install, catalog.read_reference(tmp_path))

    rows = await _paths(db)
    assert list(rows) == ["zheni", "zheni/obuvki", "zheni/obuvki/botushi"]
    assert rows["zheni/obuvki/botushi"][1:] == ("Ботуши", 1, "eu_shoes")
