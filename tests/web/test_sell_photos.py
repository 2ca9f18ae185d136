"""Photos of what is being sold; and that one that cannot be taken costs nothing else."""

from pathlib import Path

import httpx
import pytest

from tests.photographs import a_jpeg
from tests.web.selling import PHOTO, WRITTEN, begun, listings_of, on_sale, photos_of, sent
from threadly.core.database import Database
from threadly.integrations.storage import Folder
from threadly.marketplace.listings import Listing
from threadly.wiring import Services


@pytest.mark.repeats(4)  # each photo is taken by itself: it is decoded between two transactions
async def test_photos_are_moved_described_and_removed_by_buttons(visitor: httpx.AsyncClient, db: Database) -> None:
    path = await begun(visitor, db)
    await sent(visitor, path, WRITTEN, *(a_jpeg(200 + 10 * number, 200) for number in range(3)))
    one, two, three = photos_of((await visitor.get(path)).text)

    moved = await sent(visitor, path, WRITTEN | {f"alt-{two}": "The back"}, do=f"earlier:{three}")
    assert (moved.status_code, moved.headers["location"]) == (303, f"{path}#pictures")
    page = (await visitor.get(path)).text
    assert photos_of(page) == [one, three, two]
    assert 'value="The back"' in page
    await sent(visitor, path, do=f"later:{two}")
    assert photos_of((await visitor.get(path)).text) == [one, three, two]
    for _ in range(2):
        assert (await sent(visitor, path, do=f"remove:{one}")).status_code == 303
    assert photos_of((await visitor.get(path)).text) == [three, two]
    assert "Linen summer dress" in page


async def test_a_photo_that_cannot_be_read_keeps_no_other_out_and_publishes_nothing(
    visitor: httpx.AsyncClient, db: Database
) -> None:
    path = await begun(visitor, db)

    answer = await sent(visitor, path, WRITTEN, b"<svg onload=alert(1)>", PHOTO, do="publish")

    assert answer.status_code == 422
    assert "This is not a picture that we can read." in answer.text
    assert len(photos_of(answer.text)) == 1
    assert await listings_of(db, Listing.status) == [("draft",)]


@pytest.mark.repeats(11)  # each photo is taken by itself: it is decoded between two transactions
async def test_the_eleventh_photo_is_refused(visitor: httpx.AsyncClient, db: Database) -> None:
    path = await begun(visitor, db)
    await sent(visitor, path, WRITTEN, *(a_jpeg(100 + number, 100) for number in range(10)))

    answer = await sent(visitor, path, WRITTEN, PHOTO)

    assert answer.status_code == 422
    assert "A listing has 10 photos at most." in answer.text
    assert len(photos_of(answer.text)) == 10


async def test_photos_alone_answer_with_their_part_of_the_page(visitor: httpx.AsyncClient, db: Database) -> None:
    path = await begun(visitor, db)
    await sent(visitor, f"{path}/photos", {}, a_jpeg(200, 200), do="photos")
    part = await sent(visitor, f"{path}/photos", {}, a_jpeg(201, 200), do="photos")
    assert part.status_code == 200
    assert part.text.lstrip().startswith("<fieldset")
    one, two = photos_of(part.text)

    arranged = await visitor.post(
        f"{path}/photos",
        files=[("do", (None, "photos")), ("order", (None, two)), ("order", (None, one))],
    )
    assert photos_of(arranged.text) == [two, one]
    broken = await visitor.post(f"{path}/photos", files=[("do", (None, "photos")), ("order", (None, two))])
    assert broken.status_code == 422
    assert photos_of(broken.text) == [two, one]
    refused = await sent(visitor, f"{path}/photos", {}, b"nothing", do="photos")
    assert refused.status_code == 422
    assert "This is not a picture that we can read." in refused.text


async def test_a_store_that_is_down_costs_nothing_of_what_was_written(
    visitor: httpx.AsyncClient, db: Database, installed: Services, tmp_path: Path
) -> None:
    path = await begun(visitor, db)
    store = installed.pictures.store
    (tmp_path / "file").write_bytes(b"")
    installed.pictures.store = Folder(tmp_path / "file")

    for do in ("save", "publish", "preview"):
        form = WRITTEN | {"title": f"Written to {do}"}
        answer = await sent(visitor, path, form, PHOTO, a_jpeg(300, 300), do=do)

        assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
        assert answer.text.count("We cannot reach our pictures right now. Please try again in a moment.") == 2
        assert f'value="Written to {do}"' in answer.text
        assert await listings_of(db, Listing.status, Listing.title) == [("draft", f"Written to {do}")]
    alone = await sent(visitor, f"{path}/photos", {}, PHOTO, do="photos")
    assert alone.status_code == 503
    assert "We cannot reach our pictures right now." in alone.text

    installed.pictures.store = store
    assert (await sent(visitor, path, WRITTEN, PHOTO, do="publish")).status_code == 303


async def test_a_store_that_is_down_lets_what_is_on_sale_be_edited(
    visitor: httpx.AsyncClient, db: Database, installed: Services, tmp_path: Path
) -> None:
    path = await on_sale(visitor, db)
    (tmp_path / "file").write_bytes(b"")
    installed.pictures.store = Folder(tmp_path / "file")

    answer = await sent(visitor, path, WRITTEN | {"price": "20"}, a_jpeg(300, 300))

    assert answer.status_code == 503
    assert len(photos_of(answer.text)) == 1
    assert await listings_of(db, Listing.status, Listing.price_minor) == [("available", 20_00)]
