"""Pictures of listings and members. Their names follow from their bytes, so each can be kept for ever."""

import re
from typing import Final, cast

from litestar import HttpMethod, Request, route
from litestar.datastructures import State
from litestar.di import NamedDependency
from litestar.params import FromPath, SkipValidation
from litestar.response.base import ASGIResponse

from threadly.core.asgi import Scope
from threadly.core.security import came_apart
from threadly.marketplace.media import WIDTHS, PictureNotFound, Store
from threadly.tiers import Tier
from threadly.web.assets import FOR_EVER, answer

_NAME: Final = re.compile(rf"[0-9a-f]{{32}}-(?:{'|'.join(map(str, WIDTHS))})\.webp")
PATHS: Final = re.compile(rf"/media/{_NAME.pattern}")
"""Where pictures are found; where they have an origin of their own, nothing else is there."""


@route("/media/{name:path}", http_method=[HttpMethod.GET, HttpMethod.HEAD], tier=Tier.FILE)
async def media(
    request: Request[None, None, State],
    name: FromPath[str],
    store: NamedDependency[SkipValidation[Store]],
    are_pictures_apart: NamedDependency[SkipValidation[bool]],
) -> ASGIResponse:
    """A picture, in one of its widths: `/media/<name>-<320|640|1280>.webp`. At its own origin alone, if it has one."""
    file = name.removeprefix("/")
    if _NAME.fullmatch(file) is None:  # so no path leads out of the store
        raise PictureNotFound
    if are_pictures_apart and not came_apart(cast("Scope", request.scope)):
        raise PictureNotFound
    body = await store.get(file)
    headers = {"cache-control": FOR_EVER, "content-disposition": f'attachment; filename="{file}"'}
    return answer(body, "image/webp", headers, head=request.method == HttpMethod.HEAD)
