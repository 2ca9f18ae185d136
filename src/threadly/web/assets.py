"""The built CSS, JavaScript, fonts and drawings: named by their content, so each can be kept for ever.

`npm run build` makes them from assets/ and the templates, and writes manifest.json: which built file stands for which
name, and a digest of all sources, by which a test finds a stale build without npm.
"""

import gzip
from collections.abc import Mapping
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Final

import msgspec
from litestar import HttpMethod, Request, route
from litestar.datastructures import State
from litestar.di import NamedDependency
from litestar.params import FromPath, SkipValidation
from litestar.response.base import ASGIResponse

from threadly.core.errors import NotFound
from threadly.tiers import Tier

FOLDER: Final = Path(__file__).parent / "static"
FOR_EVER: Final = "public, max-age=31536000, immutable"

_TYPES: Final = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".woff2": "font/woff2",
    ".txt": "text/plain; charset=utf-8",
}
_COMPRESSIBLE: Final = {".css", ".js", ".svg", ".txt"}


class Manifest(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the build made."""

    files: dict[str, str]
    """The built file for each name: `site.css` → `site-0f3a….css`."""
    sources: str
    """SHA-256 of what it was made from."""


class AssetNotFound(NotFound):
    """No built file has this name."""

    code = "asset_not_found"
    title = "There is no such file."


class _Built(msgspec.Struct, frozen=True):
    type: str
    plain: bytes
    gzipped: bytes | None


class Assets:
    """The built files, in memory: a few hundred kilobytes, read once. A path cannot lead outside of them.

    Args:
        own: Files of an owner's site by their name, in the place of ours where we have one of it.
    """

    def __init__(self, folder: Path = FOLDER, *, own: Mapping[str, bytes] | None = None) -> None:
        self.manifest = msgspec.json.decode((folder / "manifest.json").read_bytes(), type=Manifest)
        self._names = dict(self.manifest.files)
        self._built = {name: _kept((folder / name).read_bytes(), name) for name in self._names.values()}
        for name, content in (own or {}).items():
            stem, dot, ending = name.partition(".")
            self._names[name] = f"own-{stem}-{sha256(content).hexdigest()[:16]}{dot}{ending}"
            self._built[self._names[name]] = _kept(content, name)

    def url(self, name: str) -> str:
        """Where a built file is served.

        Raises:
            KeyError: The build makes no such file.
        """
        return f"/static/{self._names[name]}"

    def text(self, name: str) -> str:
        """What is in a built file."""
        return self._built[self._names[name]].plain.decode()

    def response(self, name: str, *, gzip_accepted: bool, head: bool) -> ASGIResponse:
        """The file, to be kept for ever.

        Raises:
            AssetNotFound: There is none of this name.
        """
        built = self._built.get(name)
        if built is None:
            raise AssetNotFound
        headers = {"cache-control": FOR_EVER}
        body = built.plain
        if built.gzipped is not None:
            headers["vary"] = "accept-encoding"
            if gzip_accepted:
                headers["content-encoding"] = "gzip"
                body = built.gzipped
        return answer(body, built.type, headers, head=head)


@route("/static/{name:path}", http_method=[HttpMethod.GET, HttpMethod.HEAD], tier=Tier.FILE)
async def static(
    request: Request[None, None, State], name: FromPath[str], assets: NamedDependency[SkipValidation[Assets]]
) -> ASGIResponse:
    """A built file, by its hashed name."""
    accepted = "gzip" in request.headers.get("accept-encoding", "")
    return assets.response(name.removeprefix("/"), gzip_accepted=accepted, head=request.method == HttpMethod.HEAD)


def answer(body: bytes, content_type: str, headers: dict[str, str], *, head: bool, status: int = 200) -> ASGIResponse:
    """A response whose HEAD says exactly what its GET would."""
    headers |= {"content-type": content_type, "content-length": str(len(body))}
    return ASGIResponse(body=b"" if head else body, headers=headers, is_head_response=head, status_code=status)


@cache  # for each application of this process
def _kept(plain: bytes, name: str) -> _Built:
    suffix = Path(name).suffix
    gzipped = gzip.compress(plain, 9, mtime=0) if suffix in _COMPRESSIBLE else None
    return _Built(_TYPES[suffix], plain, gzipped)
