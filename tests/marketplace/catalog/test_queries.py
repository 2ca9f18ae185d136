"""The tree comes whole, in one statement, in the order of the shop."""

import pytest

from tests.conftest import CountStatements
from tests.making import a_category
from threadly.core.database import Database
from threadly.marketplace import catalog


async def test_the_tree_holds_every_category_below_its_parent(db: Database) -> None:
    for path in ("women/shoes/boots", "women/shoes/heels", "women/clothing/dresses", "men/shoes/boots"):
        await a_category(db, path)

    async with db.read() as read:
        tree = await catalog.tree(read)

    assert [node.path for node in tree] == ["men", "women"]
    men, women = tree
    assert [group.path for group in women.children] == ["women/clothing", "women/shoes"]
    assert [leaf.slug for leaf in women.children[1].children] == ["boots", "heels"]
    assert men.children[0].children[0].path == "men/shoes/boots"


async def test_an_empty_catalogue_is_an_empty_tree(db: Database) -> None:
    async with db.read() as read:
        assert await catalog.tree(read) == ()


async def test_the_tree_is_one_statement(db: Database, count_statements: CountStatements) -> None:
    await a_category(db)

    async def look() -> None:
        async with db.read() as read:
            await catalog.tree(read)

    assert await count_statements(db, look()) == 1


async def test_a_place_knows_its_depth(db: Database) -> None:
    await a_category(db, "women/shoes/boots")

    for path, depth in (("women", 1), ("women/shoes", 2), ("women/shoes/boots", 3)):
        async with db.read() as read:
            place, _ = await catalog.named(read, path)
        assert place is not None
        assert (place.depth, place.path) == (depth, path)


async def test_a_place_and_the_colours_are_named_in_one_statement(
    db: Database, count_statements: CountStatements
) -> None:
    await db.run(catalog.install)

    async def look() -> None:
        async with db.read() as read:
            place, colours = await catalog.named(read, "women/shoes")
            assert place is not None
            assert place.name == "Shoes"
            assert {"black", "red"} < {*colours}
            assert await catalog.named(read, None) == (None, colours)
            with pytest.raises(catalog.CategoryNotFound):
                await catalog.named(read, "women/wings")

    assert await count_statements(db, look()) == 3


async def test_a_leaf_is_found_with_its_lineage_and_what_lies_above_is_none(db: Database) -> None:
    await db.run(catalog.install)
    async with db.read() as read:
        boots = await catalog.leaf(read, "women/shoes/boots")
        assert boots is not None
        assert boots.size_system == "eu_shoes"
        assert await catalog.leaf_of(read, boots.id) == boots
        assert await catalog.leaf(read, "women/shoes") is None
        assert await catalog.leaf(read, "women/shoes/wings") is None


async def test_the_choices_are_in_the_shop_s_order(db: Database) -> None:
    await db.run(catalog.install)
    async with db.read() as read:
        choices = await catalog.choices(read)
        letters = next(system for system in choices.sizes if system.system == "letters")
        assert await catalog.size_system(read, letters.sizes[0].id) == "letters"
        assert await catalog.is_colour(read, choices.colours[0].code)
        assert await catalog.is_material(read, choices.materials[0].code)
        assert not await catalog.is_colour(read, "octarine")
        assert not await catalog.is_material(read, "mithril")

    assert [size.label for size in letters.sizes][:3] == ["XXS", "XS", "S"]
    assert choices.size_systems["women/shoes/boots"] == "eu_shoes"
