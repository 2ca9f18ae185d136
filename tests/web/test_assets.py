"""The built files: served for ever, never from elsewhere, and never older than what they are made from."""

import hashlib
import shutil
import subprocess
from pathlib import Path

import httpx
import pytest

from tests.answers import headers_alike
from tests.processes import needed
from threadly.web.assets import FOLDER, Assets, Manifest

ROOT = Path(__file__).parents[2]
BUILD_AGAIN = "run ./dev assets (npm install and npm run build) and commit src/threadly/web/static"


def digest_of_sources() -> str:
    """What assets/build.mjs writes down of its sources."""
    paths = [ROOT / "package.json", ROOT / "package-lock.json"]
    for folder in (ROOT / "assets", ROOT / "src/threadly/web/templates"):
        paths += [path for path in folder.rglob("*") if path.is_file()]
    digest = hashlib.sha256()
    for name, path in sorted((path.relative_to(ROOT).as_posix(), path) for path in paths):
        digest.update(f"{name}\0{hashlib.sha256(path.read_bytes()).hexdigest()}\n".encode())
    return digest.hexdigest()


@pytest.fixture(scope="module")
def manifest() -> Manifest:
    return Assets().manifest


def test_the_build_is_as_new_as_its_sources(manifest: Manifest) -> None:
    assert manifest.sources == digest_of_sources(), BUILD_AGAIN


def test_a_name_follows_from_the_content(manifest: Manifest) -> None:
    for name, file in manifest.files.items():
        digest = hashlib.sha256((FOLDER / file).read_bytes()).hexdigest()[:16]
        assert file == f"{Path(name).stem}-{digest}{Path(name).suffix}"


def test_nothing_is_left_from_an_older_build(manifest: Manifest) -> None:
    assert {path.name for path in FOLDER.iterdir()} == {*manifest.files.values(), "manifest.json"}


def test_the_lock_file_names_no_address() -> None:
    assert '"resolved"' not in (ROOT / "package-lock.json").read_text()


def test_the_same_sources_give_the_same_bytes(tmp_path: Path) -> None:
    node = shutil.which("node")
    if node is None or not (ROOT / "node_modules/@tailwindcss/cli").is_dir():
        pytest.skip(needed("npm and its packages", "apt-get install npm, npm install --no-save"))
    subprocess.run([node, "assets/build.mjs", str(tmp_path / "built")], cwd=ROOT, check=True, capture_output=True)
    built, committed = (
        {path.name: path.read_bytes() for path in folder.iterdir()} for folder in (tmp_path / "built", FOLDER)
    )
    assert built == committed, BUILD_AGAIN


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("site.css", "text/css; charset=utf-8"),
        ("site.js", "text/javascript; charset=utf-8"),
        ("favicon.svg", "image/svg+xml"),
        ("onest-latin.woff2", "font/woff2"),
    ],
)
async def test_a_built_file_is_kept_for_ever(visitor: httpx.AsyncClient, name: str, kind: str) -> None:
    address = Assets().url(name)

    plain = await visitor.get(address, headers={"accept-encoding": "identity"})
    zipped = await visitor.get(address, headers={"accept-encoding": "gzip"})
    head = await visitor.head(address, headers={"accept-encoding": "identity"})

    assert plain.headers["content-type"] == kind
    assert plain.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert plain.headers["x-content-type-options"] == "nosniff"
    assert plain.content == zipped.content == (FOLDER / address.rpartition("/")[2]).read_bytes()
    assert headers_alike(head) == headers_alike(plain)
    assert head.content == b""


async def test_text_travels_compressed(visitor: httpx.AsyncClient) -> None:
    answer = await visitor.get(Assets().url("site.css"), headers={"accept-encoding": "br, gzip"})

    assert answer.headers["content-encoding"] == "gzip"
    assert answer.headers["vary"] == "accept-encoding"
    assert int(answer.headers["content-length"]) < len(answer.content) / 3


@pytest.mark.parametrize(
    "path",
    [
        "nothing.css",
        "manifest.json",
        "../assets.py",
        "..%2fassets.py",
        "%2e%2e/assets.py",
        "%2e%2e%2f%2e%2e%2f%2e%2e%2f%2e%2e%2fetc/passwd",
        "/etc/passwd",
        "site.css%00",
        "%ff",
    ],
)
async def test_no_path_leads_elsewhere(visitor: httpx.AsyncClient, path: str) -> None:
    answer = await visitor.get(httpx.URL("http://shop.test", raw_path=b"/static/" + path.encode()))

    assert answer.status_code == 404
    assert "cache-control" in answer.headers
    assert answer.headers["cache-control"] == "no-store"
