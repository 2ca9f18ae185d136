import httpx
import pytest

from tests.photographs import folder_of
from threadly.wiring import Services

NAME = "0123456789abcdef" * 2


@pytest.fixture(autouse=True)
async def a_picture_file(installed: Services) -> None:
    await installed.pictures.store.put(f"{NAME}-640.webp", b"a picture")
    folder = folder_of(installed)
    (folder / "notes.txt").write_text("not a picture")
    (folder.parent / "secret").write_text("outside")


async def test_a_picture_is_kept_for_ever(visitor: httpx.AsyncClient) -> None:
    answer = await visitor.get(f"/media/{NAME}-640.webp")
    head = await visitor.head(f"/media/{NAME}-640.webp")

    assert answer.content == b"a picture"
    assert answer.headers["content-type"] == "image/webp"
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert (head.headers, head.content) == (answer.headers, b"")


@pytest.mark.parametrize(
    "path",
    [
        f"{NAME}-1280.webp",
        f"{NAME}-641.webp",
        f"{NAME}.webp",
        f"{NAME.upper()}-640.webp",
        f"{NAME}-640.webp%0a",
        f"{NAME}-640.webp%00",
        f"x/{NAME}-640.webp",
        "notes.txt",
        "../secret",
        "%2e%2e%2fsecret",
        "..%5csecret",
    ],
)
async def test_what_is_no_picture_is_not_there(visitor: httpx.AsyncClient, path: str) -> None:
    answer = await visitor.get(httpx.URL("http://shop.test", raw_path=b"/media/" + path.encode()))

    assert answer.status_code == 404
    assert answer.headers["cache-control"] == "no-store"
    assert b"outside" not in answer.content
