"""Who visits pages, and what they see."""

import re

from threadly.core.auth import AuthSettings, sessions
from threadly.core.database import Database
from threadly.marketplace.members import Member


async def cookie_of(db: Database, member: Member) -> dict[str, str]:
    """The headers of a member who has signed in, and sends what our pages ask for."""
    issued = await db.run(sessions.issue, member.id, settings=AuthSettings())
    return {"cookie": f"threadly_session={issued.token}", "sec-fetch-site": "same-origin"}


def titles(page: str) -> list[str]:
    return re.findall(r'<h3><a href="/listings/[0-9a-f-]{36}">([^<]*)</a></h3>', page)
