"""Whether pictures can be stored, as a file is that is written, read and removed; and how safely they are decoded."""

import secrets
from pathlib import Path
from typing import Final

from threadly.core import seccomp
from threadly.core.observability.health import Apart, Unhealthy
from threadly.integrations import storage
from threadly.marketplace.media import PictureNotFound, PicturesUnstorable, Store
from threadly.ops.checks import folder_takes_files, free_space
from threadly.ops.doctor.certificates import judge_certificate
from threadly.ops.doctor.findings import Findings
from threadly.ops.doctor.machine import disk
from threadly.settings import Settings

_CONTENT: Final = b"threadly doctor"
_FILTERED: Final = "what decodes pictures may do nothing but compute"
_WELL: Final = "a file can be written, read and removed"


async def look(settings: Settings, found: Findings) -> None:
    """Tries it, and looks at the disk or the certificate."""
    lack = seccomp.lack()
    found.judge(
        "decoder",
        f"system calls are not filtered: {lack}" if lack else _FILTERED,
        expected=_FILTERED,
        do="Run it on Linux, on x86_64 or aarch64, with a kernel that has seccomp: docs/runbooks/media.md",
        is_good=lack is None,
        warns=True,
    )
    media = settings.media
    if media.folder is None:
        do = "See the address, the region and the key, which must let us put, get, list and delete."
        await _try(storage.chosen(media), do, found)
        if media.endpoint is not None:
            await judge_certificate(media.endpoint, found)
        return
    folder: Path = media.folder
    try:
        is_there = await Apart(lambda: _is_there(folder))()
    except Unhealthy as reason:
        do = f"See who owns {folder}, or what is above it, and whether it is mounted: docs/runbooks/media.md"
        expected = "a folder that is ours, or one that we may make"
        found.judge("folder", f"{folder}: {reason}", expected=expected, do=do, is_good=False, warns=True)
        return
    if is_there:
        do = f"See who owns {folder}, whether it is mounted and whether its disk is full."
        await _try(storage.chosen(media), do, found)
    else:
        found.good("folder", f"{folder} is made with the first picture", expected="a folder, or one that we may make")
    disk(await Apart(lambda: free_space(folder))(), "disk of the pictures", found)


def _is_there(folder: Path) -> bool:
    """Whether it is, or else may be made; as `/health` judges it.

    Raises:
        Unhealthy: Neither.
    """
    folder_takes_files(folder)
    return folder.is_dir()


async def _try(store: Store, do: str, found: Findings) -> None:
    seen = await _tried(store)
    found.judge("write, read, delete", seen or _WELL, expected=_WELL, do=do, is_good=not seen, warns=True)


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
