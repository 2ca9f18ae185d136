"""Whether pictures can be stored: a file is written, read and removed, as a picture's is."""

import secrets
from pathlib import Path
from typing import Final

from threadly.core.observability.health import Apart
from threadly.integrations import storage
from threadly.marketplace.media import PictureNotFound, PicturesUnstorable, Store
from threadly.ops.checks import free_space
from threadly.ops.doctor.certificates import judge_certificate
from threadly.ops.doctor.findings import Findings
from threadly.ops.doctor.machine import disk
from threadly.settings import Settings

_CONTENT: Final = b"threadly doctor"
_WELL: Final = "a file can be written, read and removed"


async def look(settings: Settings, found: Findings) -> None:
    """Tries it, and looks at the disk or the certificate."""
    media = settings.media
    if media.folder is not None and not media.folder.exists():
        found.good("folder", f"{media.folder} is not there yet", expected="a folder, or none before the first picture")
    else:
        do = (
            f"See who owns {media.folder}, whether it is mounted and whether its disk is full."
            if media.folder is not None
            else "See the address, the region and the key, which must let us put, get, list and delete."
        )
        seen = await _tried(storage.chosen(media))
        found.judge("write, read, delete", seen or _WELL, expected=_WELL, do=do, is_good=not seen)
    if media.folder is not None:
        folder: Path = media.folder
        disk(await Apart(lambda: free_space(folder))(), "disk of the pictures", found)
    elif media.endpoint is not None:
        await judge_certificate(media.endpoint, found)


async def _tried(store: Store) -> str:
    """What went wrong; empty if nothing did."""
    name = f"doctor-{secrets.token_hex(8)}"
    step = "written"
    try:
        await store.put(name, _CONTENT)
        step = "read"
        if await store.get(name) != _CONTENT:
            return "what was read is not what was written"
        step = "removed"
        await store.delete([name])
    except (PicturesUnstorable, PictureNotFound) as refusal:
        cause = refusal.__cause__
        why = f": {cause.strerror}" if isinstance(cause, OSError) and cause.strerror else ""
        return f"it could not be {step}{why}"
    return ""
