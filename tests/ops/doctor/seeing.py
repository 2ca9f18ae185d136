"""What a look of the doctor's sees."""

from collections.abc import Awaitable, Callable

from threadly.core.observability.health import Status
from threadly.ops.doctor.findings import Finding, Findings
from threadly.settings import Settings


async def seen(look: Callable[[Settings, Findings], Awaitable[None]], settings: Settings) -> dict[str, Finding]:
    """By what each is about."""
    found = Findings("test")
    await look(settings, found)
    assert len({finding.about for finding in found.taken}) == len(found.taken)
    return {finding.about: finding for finding in found.taken}


def wrong(found: dict[str, Finding]) -> dict[str, str]:
    """What was seen of that which is not as it should be."""
    return {about: finding.seen for about, finding in found.items() if finding.status is not Status.PASS}
