"""Pictures of listings and members. Their names follow from their bytes, so each can be kept for ever."""

import asyncio
import re
from pathlib import Path
from typing import Final

from litestar import HttpMethod, Request, route
from litestar.datastructures import State
from litestar.di import NamedDependency
from litestar.params import FromPath, SkipValidation
from litestar.response.base import ASGIResponse

from threadly.core.errors import NotFound
from threadly.marketplace.media import WIDTHS
from threadly.web.assets import FOR_EVER, answer

_NAME: Final = re.compile(rf"[0-9a-f]{{32}}-(?:{'|'.join(map(str, WIDTHS))})\.webp")


class PictureNotFound(NotFound):
    """No picture has this name, in this width."""

    code = "picture_not_found"
    title = "There is no such picture."


@route("/media/{name:path}", http_method=[HttpMethod.GET, HttpMethod.HEAD])
async def media(
    request: Request[None, None, State], name: FromPath[str], media_folder: NamedDependency[SkipValidation[Path]]
) -> ASGIResponse:
    """A picture, in one of its widths: `/media/<name>-<320|640|1280>.webp`."""
    file = name.removeprefix("/")
    if _NAME.fullmatch(file) is None:  # so no path leads out of the folder
        raise PictureNotFound
    try:
        body = await asyncio.to_thread((media_folder / file).read_bytes)
    except FileNotFoundError:
        raise PictureNotFound from None
    headers = {"cache-control": FOR_EVER, "x-content-type-options": "nosniff"}
    return answer(body, "image/webp", headers, head=request.method == HttpMethod.HEAD)
