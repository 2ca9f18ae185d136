"""Pictures as a client needs them."""

from threadly.api.shapes import picture
from threadly.marketplace.storefront import Photo


def test_a_picture_has_an_address_for_each_width() -> None:
    photo = Photo(name="a" * 32, width=1280, height=1600, placeholder="data:image/webp;base64,AA", alt="A dress")
    assert picture(photo, "").urls == {
        "320": f"/media/{'a' * 32}-320.webp",
        "640": f"/media/{'a' * 32}-640.webp",
        "1280": f"/media/{'a' * 32}-1280.webp",
    }
    assert picture(photo, "").alt == "A dress"
