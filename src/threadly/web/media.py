"""Pictures of listings and members. Their names follow from their bytes, so each can be kept for ever."""

import re
from typing import Final

from litestar import HttpMethod, Request, route
from litestar.datastructures import State
from litestar.di import NamedDependency
from litestar.params import FromPath, SkipValidation
from litestar.response.base import ASGIResponse

from threadly.marketplace.media import WIDTHS, PictureNotFound, Store
from threadly.tiers import Tier
from threadly.web.assets import FOR_EVER, answer

_NAME: Final = re.compile(rf"[0-9a-f]{{32}}-(?:{'|'.join(map(str, WIDTHS))})\.webp")


@route("/media/{name:path}", http_method=[HttpMethod.GET, HttpMethod.HEAD], tier=Tier.FILE)
async def media(
    request: Request[None, None, State], name: FromPath[str], store: NamedDependency[SkipValidation[Store]]
) -> ASGIResponse:
    """A picture, in one of its widths: `/media/<name>-<320|640|1280>.webp`."""
    file = name.removeprefix("/")
    if _NAME.fullmatch(file) is None:  # so no path leads out of the store
        raise PictureNotFound
    body = await store.get(file)
    return answer(body, "image/webp", {"cache-control": FOR_EVER}, head=request.method == HttpMethod.HEAD)
