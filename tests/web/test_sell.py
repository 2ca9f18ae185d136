"""The form to sell by, as a browser without JavaScript uses it."""

import asyncio
import re
from uuid import uuid4

import httpx
import pytest
from sqlalchemy import func, select

from tests.photographs import a_jpeg, files_kept
from tests.web.conftest import signed_up
from tests.web.selling import PHOTO, WRITTEN, begun, listings_of, on_sale, sent
from threadly.core.database import Database, Tx
from threadly.marketplace.listings import Listing
from threadly.marketplace.media import PictureFiles
from threadly.wiring import Services


async def test_a_stranger_is_asked_to_sign_in(visitor: httpx.AsyncClient) -> None:
    for path in ("/sell", f"/sell/{uuid4()}", "/my/listings"):
        answer = await visitor.get(path)
        assert (answer.status_code, answer.headers["location"]) == (303, f"/sign-in?next={path}")
    assert (await visitor.post("/sell")).status_code == 303


async def test_from_nothing_to_on_sale(visitor: httpx.AsyncClient, db: Database) -> None:
    path = await begun(visitor, db)
    assert (await visitor.get("/sell")).status_code == 200
    assert (await visitor.get(path)).status_code == 200

    answer = await sent(visitor, path, WRITTEN, PHOTO, a_jpeg(300, 300), do="publish")

    listing = path.replace("/sell/", "/listings/")
    assert (answer.status_code, answer.headers["location"]) == (303, f"{listing}?online=1")
    page = await visitor.get(f"{listing}?online=1")
    assert "It is online." in page.text
    assert "€24.50" in page.text
    assert page.text.count('class="frame" id="picture-') == 2
    newest = (await visitor.get("/categories/women/clothing/dresses")).text
    assert "Linen summer dress" in newest
    visitor.cookies.clear()
    assert "It is online." not in (await visitor.get(f"{listing}?online=1")).text


async def test_a_double_click_begins_one_draft_and_publishes_once(visitor: httpx.AsyncClient, db: Database) -> None:
    path = await begun(visitor, db)
    again = await asyncio.gather(visitor.post("/sell"), visitor.post("/sell"))
    assert {answer.headers["location"] for answer in again} == {path}

    await sent(visitor, path, WRITTEN, PHOTO)
    page = (await visitor.get(path)).text
    version = re.search(r'name="version" value="(\d+)"', page)
    assert version is not None
    form = WRITTEN | {"version": version[1], "title": "A linen dress"}
    answers = await asyncio.gather(*(sent(visitor, path, form, do="publish") for _ in range(2)))

    assert [answer.status_code for answer in answers] == [303, 303]
    assert await listings_of(db, Listing.status) == [("available",)]


async def test_everything_that_is_wrong_stands_beside_its_field_with_what_was_written(
    visitor: httpx.AsyncClient, db: Database
) -> None:
    path = await begun(visitor, db)
    wrong = {"title": "ab", "description": "<p></p><br>", "price": "1e12", "brand": "&&&", "do": "publish"}

    answer = await sent(visitor, path, wrong, do="publish")

    assert answer.status_code == 422
    for message in (
        "Please add a photo: nobody buys what they cannot see.",
        "Please write a title of 3 characters or more.",
        "Please describe it in words.",
        "Please choose a category.",
        "Please say how worn it is.",
        "Please write the brand in letters, or leave it empty.",
        "Please write the price in figures, like 25 or 25.50.",
    ):
        assert message in answer.text
    assert 'id="title" name="title" type="text" value="ab"' in answer.text
    assert "&lt;p&gt;&lt;/p&gt;&lt;br&gt;</textarea>" in answer.text
    assert 'value="1e12"' in answer.text
    assert answer.text.count(" autofocus") <= 1
    assert await listings_of(db, Listing.status, Listing.title) == [("draft", "")]


async def test_prices_that_are_none_are_refused(visitor: httpx.AsyncClient, db: Database) -> None:
    path = await begun(visitor, db)
    for price in ("0", "0,001", "-5", "1000000", "1000000000000", "free", "٥"):
        assert (await sent(visitor, path, WRITTEN | {"price": price})).status_code == 422, price
    assert await listings_of(db, Listing.price_minor) == [(None,)]
    for price in ("0.01", "24,5", "€ 24.50", "999999.99"):
        assert (await sent(visitor, path, WRITTEN | {"price": price})).status_code == 303, price
    assert await listings_of(db, Listing.price_minor) == [(99_999_999,)]


async def test_a_draft_may_stay_as_unfinished_as_it_is(visitor: httpx.AsyncClient, db: Database) -> None:
    path = await begun(visitor, db)

    answer = await sent(visitor, path, {"title": "Рокля 👗 dress"})

    assert (answer.status_code, answer.headers["location"]) == (303, f"{path}?saved=1")
    assert "Only you can see it." in (await visitor.get(f"{path}?saved=1")).text
    assert "Рокля 👗 dress" in (await visitor.get("/sell")).text


async def test_who_wrote_on_an_older_version_is_told_and_keeps_what_was_written(
    visitor: httpx.AsyncClient, db: Database
) -> None:
    path = await begun(visitor, db)
    await sent(visitor, path, WRITTEN | {"version": 1})

    answer = await sent(visitor, path, WRITTEN | {"version": 1, "title": "Written on the desk"})

    assert answer.status_code == 409
    assert "changed elsewhere" in answer.text
    assert 'value="Written on the desk"' in answer.text
    assert 'name="version" value="2"' in answer.text
    assert await listings_of(db, Listing.title) == [("Linen summer dress",)]


async def test_what_is_kept_on_the_way_answers_with_its_version_alone(visitor: httpx.AsyncClient, db: Database) -> None:
    path = await begun(visitor, db)

    kept = await sent(visitor, path, WRITTEN | {"version": 1}, do="keep")
    assert (kept.status_code, kept.headers["x-version"], kept.content) == (204, "2", b"")
    assert (await sent(visitor, path, WRITTEN | {"version": 1, "title": "x"}, do="keep")).status_code == 409
    assert (await sent(visitor, path, WRITTEN | {"title": "x" * 101}, do="keep")).status_code == 422


async def test_whoever_sells_stays_in_their_language(visitor: httpx.AsyncClient, db: Database) -> None:
    path = (await begun(visitor, db)).removeprefix("/bg")
    await sent(visitor, path, WRITTEN, PHOTO)

    for address, do, then in (
        (f"/bg{path}", "save", f"/bg{path}?saved=1"),
        (f"/bg{path}", "photos", f"/bg{path}#pictures"),
        (f"/bg{path}", "publish", f"/bg{path.replace('/sell/', '/listings/')}?online=1"),
    ):
        assert (await sent(visitor, address, do=do)).headers["location"] == then
    removed = await visitor.post(f"/bg{path}/remove")
    assert removed.headers["location"] == "/bg/my/listings?shelf=removed"


async def test_a_preview_shows_the_page_to_its_seller_alone(visitor: httpx.AsyncClient, db: Database) -> None:
    path = await begun(visitor, db)
    assert (await sent(visitor, path, WRITTEN, do="preview")).status_code == 422

    answer = await sent(visitor, path, WRITTEN, PHOTO, do="preview")

    assert (answer.status_code, answer.headers["location"]) == (303, f"{path}/preview")
    page = await visitor.get(f"{path}/preview")
    assert "This is how buyers will see it." in page.text
    assert "€24.50" in page.text
    assert (await visitor.get(path.replace("/sell/", "/listings/"))).status_code == 404
    visitor.cookies.clear()
    await signed_up(visitor, "other")
    assert (await visitor.get(f"{path}/preview")).status_code == 404


async def test_anothers_draft_is_not_there_and_anothers_listing_is_not_to_be_changed(
    visitor: httpx.AsyncClient, db: Database
) -> None:
    path = await on_sale(visitor, db)
    draft = (await visitor.post("/sell")).headers["location"]
    visitor.cookies.clear()
    await signed_up(visitor, "other")

    assert (await visitor.get(draft)).status_code == 404
    assert (await visitor.get(path)).status_code == 404
    for do in ("save", "publish", "keep", "photos"):
        assert (await sent(visitor, draft, WRITTEN, PHOTO, do=do)).status_code == 404
        assert (await sent(visitor, path, WRITTEN | {"price": "1"}, do=do)).status_code == 403
    assert sorted(await listings_of(db, Listing.title, Listing.price_minor), key=str) == [
        ("", None),
        ("Linen summer dress", 24_50),
    ]


@pytest.mark.repeats(11)  # each photo is taken by itself: it is decoded between two transactions
async def test_photos_that_cannot_be_shown_are_not_kept(
    visitor: httpx.AsyncClient, db: Database, installed: Services
) -> None:
    path = await begun(visitor, db)
    full = await sent(visitor, path, WRITTEN, *(a_jpeg(200 + number, 200) for number in range(10)))
    assert full.status_code == 303
    kept = files_kept(installed)
    assert len(kept) == 30

    for address in (path, f"{path}/photos"):
        answer = await sent(visitor, address, {}, a_jpeg(300, 200), do="photos")
        assert answer.status_code == 422
        assert "A listing has 10 photos at most." in answer.text
    visitor.cookies.clear()
    await signed_up(visitor, "other")
    for address in (path, f"{path}/photos", f"/sell/{uuid4()}", f"/sell/{uuid4()}/photos"):
        assert (await sent(visitor, address, {}, a_jpeg(300, 200), do="photos")).status_code == 404
    assert files_kept(installed) == kept


async def test_who_sent_too_many_photos_for_nothing_is_told_and_no_file_is_kept(
    visitor: httpx.AsyncClient, db: Database, installed: Services
) -> None:
    path = await begun(visitor, db)

    async def much_sent(tx: Tx) -> None:
        (seller_id,) = (await tx.scalars(select(Listing.seller_id))).all()
        tx.add_all(PictureFiles(name=f"{number:032x}", noted_by=seller_id) for number in range(60))

    await db.run(much_sent)

    answer = await sent(visitor, path, WRITTEN, PHOTO)

    assert answer.status_code == 422
    assert "You have sent many photos today that no item shows." in answer.text
    assert "Linen summer dress" in answer.text
    assert files_kept(installed) == set()


async def test_what_the_page_never_sends_is_refused(visitor: httpx.AsyncClient, db: Database) -> None:
    path = await begun(visitor, db)
    for wrong in ({"seller_id": "1"}, {"do": "sell"}, {"size_id": "M"}, {"alt-x": "y"}, {"version": "one"}):
        parts = [(name, (None, value)) for name, value in ({"do": "save"} | wrong).items()]
        assert (await visitor.post(path, files=parts)).status_code == 400, wrong
    assert (await visitor.post(path, data=WRITTEN)).status_code == 415
    async with db.read() as read:
        assert (await read.execute(select(func.max(Listing.version)))).scalar_one() == 1
