"""The corpus of evil files, sent as photos of a listing: a refusal changes nothing, and what is kept is clean."""

import re
from collections.abc import AsyncIterator

import httpx
import pytest
from sqlalchemy import func, select, table

from tests.api.selling import a_draft, a_seller
from tests.marketplace.media.corpus import CLEAN, CORPUS, EvilFile
from tests.photographs import files_kept, opened
from threadly.core.database import Database
from threadly.wiring import Services

BOUNDARY = "evil"


def form(evil: EvilFile, content: bytes) -> bytes:
    """As a browser, or somebody who writes by hand, sends it."""
    name = evil.file_name.encode()
    head = b'content-disposition: form-data; name="picture"; filename="%s"\r\ncontent-type: %s\r\n\r\n'
    return b"--evil\r\n" + head % (name, evil.media_type.encode()) + content + b"\r\n--evil--\r\n"


async def rows(db: Database) -> dict[str, int]:
    """How many there are of all that an upload writes."""
    tables = ("picture_files", "pictures", "picture_uploads", "listing_pictures")
    async with db.read() as read:
        return {name: await read.scalar(select(func.count()).select_from(table(name))) or 0 for name in tables}


async def sent(
    client: httpx.AsyncClient, path: str, seller: dict[str, str], body: AsyncIterator[bytes] | bytes
) -> httpx.Response:
    kind = {"content-type": f"multipart/form-data; boundary={BOUNDARY}"}
    return await client.post(f"{path}/pictures", content=body, headers=seller | kind)


async def test_each_is_a_typed_refusal_that_changes_nothing_or_a_clean_picture(
    client: httpx.AsyncClient, db: Database, installed: Services
) -> None:
    seller = await a_seller(client, db)
    path = await a_draft(client, seller)
    found = {}
    for evil in CORPUS.values():
        content = evil.make()
        before, kept = await rows(db), files_kept(installed)

        answer = await sent(client, path, seller, form(evil, content))

        new = {file: installed.settings.media.folder / file for file in files_kept(installed) - kept}  # type: ignore[operator]
        if answer.status_code == 201:
            found[evil.name] = CLEAN
            assert all(re.fullmatch(r"[0-9a-f]{32}-(320|640|1280)\.webp", file) for file in new), evil.name
            for file in new.values():
                assert opened(file.read_bytes()).bands == 3
                assert not any(payload in file.read_bytes() for payload in evil.payloads), evil.name
            shown = answer.json()["pictures"][-1]["id"]  # a listing has ten; and the same picture twice is refused
            assert (await client.delete(f"{path}/pictures/{shown}", headers=seller)).status_code == 200
        else:
            found[evil.name] = answer.json()["code"]
            assert 400 <= answer.status_code < 500, (evil.name, answer.text)
            assert (await rows(db), new) == (before, {}), evil.name
            assert evil.file_name not in answer.text

    assert found == {evil.name: evil.becomes for evil in CORPUS.values()}


@pytest.mark.parametrize(
    ("case", "file_name", "code"),
    [
        ("a NUL", b"a.jpg\0.exe", "upload_malformed"),
        ("a new line", b"a\r\nx-evil: 1\r\n.jpg", "upload_malformed"),
        ("longer than a header may be", b"a" * 2000, "upload_too_large"),
    ],
)
async def test_a_name_that_no_browser_sends_is_refused(
    client: httpx.AsyncClient, db: Database, installed: Services, case: str, file_name: bytes, code: str
) -> None:
    seller = await a_seller(client, db)
    path = await a_draft(client, seller)
    before, kept = await rows(db), files_kept(installed)
    jpeg = CORPUS["a JPEG with a page behind it"].make()
    head = b'--evil\r\ncontent-disposition: form-data; name="picture"; filename="' + file_name + b'"\r\n\r\n'

    answer = await sent(client, path, seller, head + jpeg + b"\r\n--evil--\r\n")

    assert (answer.status_code // 100, answer.json()["code"]) == (4, code), case
    assert (await rows(db), files_kept(installed)) == (before, kept)
