"""What the shop window may rely on: files, names, sizes, and that no two silhouettes can be mistaken."""

from itertools import combinations
from statistics import fmean

import pytest
import pyvips

from threadly.sample.pictures import (
    GARMENTS,
    WIDTHS,
    Background,
    Colour,
    Cut,
    Fabric,
    Look,
    Print,
    View,
    draw,
    render,
    render_many,
)

FAMILIES = sorted({garment.family for garment in GARMENTS.values()})


def at_a_glance(look: Look) -> pyvips.Image:
    """The picture 160 pixels wide."""
    return pyvips.Image.svgload_buffer(draw(look).encode(), scale=0.2).flatten()


def test_there_is_something_for_every_department() -> None:
    assert len(GARMENTS) >= 40
    assert FAMILIES == [
        "accessories", "bags", "beauty", "bottoms", "children", "dresses", "home", "jewellery", "nightwear",
        "outerwear", "shoes", "tops",
    ]  # fmt: skip
    assert all(name == garment.name for name, garment in GARMENTS.items())


def test_every_garment_knows_a_fabric_and_a_plain_print() -> None:
    for garment in GARMENTS.values():
        assert garment.fabric in garment.fabrics, garment.name
        assert Print.PLAIN in garment.prints, garment.name


def test_an_unknown_garment_is_refused() -> None:
    with pytest.raises(KeyError, match="toga"):
        draw(Look("toga"))


@pytest.mark.parametrize("view", View)
def test_every_garment_can_be_drawn_in_every_view(view: View) -> None:
    for seed, name in enumerate(GARMENTS):
        glance = at_a_glance(Look(name, Colour.RED, view=view, variant=seed, seed=seed))
        assert (glance.width, glance.height) == (160, 200), name
        # A bare background varies far less than this.
        assert glance.deviate() > 12, f"{name} shows nothing in the {view} view"


@pytest.mark.parametrize("family", FAMILIES)
def test_a_picture_comes_as_webp_in_three_sizes_with_a_placeholder(family: str) -> None:
    number = FAMILIES.index(family)
    name = next(name for name, garment in GARMENTS.items() if garment.family == family)

    picture = render(Look(name, view=list(View)[number % 4], seed=number))

    assert tuple(picture.files) == WIDTHS == (320, 640, 1280)
    for width, data in picture.files.items():
        image = pyvips.Image.webpload_buffer(data)
        assert (image.width, image.height, image.bands) == (width, width * 5 // 4, 3)
        assert len(data) < 400 * width
    assert (picture.width, picture.height) == (1280, 1600)
    assert picture.placeholder.startswith("data:image/webp;base64,")
    assert len(picture.placeholder) <= 300
    assert len(bytes.fromhex(picture.name)) == 12
    assert len(bytes.fromhex(picture.colour.removeprefix("#"))) == 3


@pytest.mark.parametrize(
    ("case", "look"),
    [
        ("print", Look("shirt", print=Print.CHECKS)),
        ("colour", Look("shirt", Colour.GREEN)),
        ("second colour", Look("shirt", second=Colour.PINK, print=Print.STRIPES)),
        ("fabric", Look("shirt", fabric=Fabric.SILK)),
        ("cut", Look("shirt", cut=Cut.RELAXED)),
        ("background", Look("shirt", background=Background.OAK)),
        ("view", Look("shirt", view=View.BACK)),
        ("variant", Look("shirt", variant=1)),
        ("seed", Look("shirt", seed=1)),
    ],
)
def test_every_part_of_a_look_shows(case: str, look: Look) -> None:
    assert draw(look) != draw(Look("shirt")), case
    assert draw(look) == draw(look), case


def test_the_same_look_is_the_same_picture_in_any_process() -> None:
    looks = [Look("trench-coat", Colour.BEIGE, view=view, seed=7) for view in View]
    heard: list[int] = []

    pictures = list(render_many(looks, processes=2, on_progress=heard.append))

    assert [picture.look for picture in pictures] == looks
    assert heard == [1, 2, 3, 4]
    assert len({picture.name for picture in pictures}) == 4
    again = next(render_many(looks[:1], processes=1))
    assert (again.name, again.files, again.placeholder) == (
        pictures[0].name,
        pictures[0].files,
        pictures[0].placeholder,
    )


@pytest.mark.parametrize("kind", [kind for kind in Print if kind not in {Print.PLAIN, Print.COLOUR_BLOCK}])
def test_a_print_is_seen_at_160_pixels(kind: Print) -> None:
    plain = at_a_glance(Look("t-shirt", Colour.NAVY, Colour.WHITE))
    printed = at_a_glance(Look("t-shirt", Colour.NAVY, Colour.WHITE, kind))
    assert (plain - printed).abs().avg() > 0.5


def test_no_two_garments_can_be_mistaken_at_160_pixels() -> None:
    """Same colour, same wall: their pictures differ by more than 3 grey levels on average, over all pixels."""
    seen = {
        # Blocks of 4 x 4 pixels, so that it is the shape that counts and not a thread more or less.
        name: bytes(
            at_a_glance(Look(name, background=Background.PLASTER)).colourspace("b-w").shrink(4, 4).write_to_memory()
        )
        for name in GARMENTS
    }
    for one, other in combinations(GARMENTS, 2):
        distance = fmean(abs(a - b) for a, b in zip(seen[one], seen[other], strict=True))
        assert distance > 3, f"{one} looks like {other}: {distance:.1f}"
