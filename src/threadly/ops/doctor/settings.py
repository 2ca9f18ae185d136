"""Whether the settings can be used, by the same reading as `threadly check`."""

from threadly.core.config import Reading
from threadly.ops.doctor.findings import Findings
from threadly.settings import Settings


def look(reading: Reading[Settings], found: Findings) -> None:
    """Each mistake and each warning, which say themselves what is expected; that there are none, otherwise."""
    for mistake in reading.mistakes:
        found.judge("mistake", str(mistake), expected="", do=mistake.mends, is_good=False)
    for warning in reading.warnings:
        found.judge("warning", str(warning), expected="", do=warning.mends, is_good=False, warns=True)
    if not reading.mistakes and not reading.warnings:
        given = len(reading.places)
        found.good("variables", f"{given} given, all well", expected="known names, right forms, strong secrets")
    if reading.settings is not None and (folder := reading.settings.site.folder) is not None:
        found.good("site folder", f"{folder} is read", expected="a folder without mistakes")
