"""Every place that keeps the promises of a store, empty."""

from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import httpx
import pytest
from moto.server import ThreadedMotoServer

from threadly.core.config import Secret
from threadly.integrations.storage import Folder
from threadly.integrations.storage.bucket import Bucket
from threadly.marketplace.media import Store
from threadly.settings import MediaSettings


@pytest.fixture(scope="session")
def s3() -> Iterator[str]:
    """An S3 on this machine."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


def bucket_settings(endpoint: str, bucket: str) -> MediaSettings:
    return MediaSettings(
        url=f"s3://{bucket}/shop/pictures",
        endpoint=endpoint,
        access_key=Secret("testing"),
        secret_key=Secret("testing"),
    )


@pytest.fixture(params=["folder", "bucket"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Store:
    """A folder, and then a bucket."""
    if request.param == "folder":
        return Folder(tmp_path / "new" / "media")
    endpoint = request.getfixturevalue("s3")
    name = f"media-{uuid4().hex}"
    httpx.put(f"{endpoint}/{name}").raise_for_status()
    return Bucket(bucket_settings(endpoint, name))
