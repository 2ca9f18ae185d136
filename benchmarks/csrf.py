"""What keeps other sites' requests out, and what it costs: ours, beside starlette-csrf and asgi-csrf.

All are tried on the same table of attacks and honest requests (tests/core/security/csrf_pack.py). Each of the others is
given what it needs: where a page of ours sends, its cookie and the token that belongs to it, in the form or the header
as the case has it; where a neighbour has planted a cookie, a good one of the attacker's with its token. Then what each
adds to a request, in turn, in one process. asgi-csrf 0.11 fails at forms with files: the python-multipart of today has
no `FileClass` any more.

    ./dev bench csrf              20,000 requests each, nine rounds
    ./dev bench csrf --quick      4,000 requests each, five rounds
"""

import argparse
import asyncio
import statistics
import sys
import time
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any, Final

import uvloop
from asgi_csrf import asgi_csrf
from itsdangerous.url_safe import URLSafeSerializer
from rich.console import Console
from rich.table import Table
from starlette_csrf.middleware import CSRFMiddleware

from tests.core.security.csrf_pack import ATTACKS, HONEST, PARTS, SITE, Case
from tests.core.security.csrf_trying import MADE, TOKENS, Shop, defended, refuse, request, status_of
from threadly.core.asgi import READ_AFTER_COOKIES, ASGIApp, Message, Receive, Scope, Send, SessionCookie
from threadly.core.security import SameOrigin
from threadly.core.security.csrf import FIELD, HEADER

MOST_BY_HEADERS_US: Final = 2.0
MOST_BY_TOKEN_US: Final = 6.0
SECRET: Final = "0123456789abcdef" * 2
THEIRS: Final = "csrftoken"
STARLETTE: Final = URLSafeSerializer(SECRET, THEIRS)
ASGI: Final = URLSafeSerializer(SECRET)
Made = Callable[[], str]
Apps = dict[str, tuple[ASGIApp, Made | None]]


def around(app: ASGIApp) -> Apps:
    """Each defence around an application, and how it makes a token; ours is as the application has it."""
    return {
        "ours": (defended(app), None),
        "starlette-csrf": (CSRFMiddleware(app, SECRET), lambda: str(STARLETTE.dumps("x" * 128))),
        "asgi-csrf": (asgi_csrf(app, signing_secret=SECRET), lambda: str(ASGI.dumps("x" * 16, THEIRS))),
    }


async def let_in(app: ASGIApp, shop: Shop, case: Case, made: Made | None) -> bool:
    """Whether a request reached the application whole."""
    shop.bodies.clear()
    if made is None:
        token = None if case.token is None else MADE[case.token]()
        scope, body = request(case, token, header=HEADER.lower(), field=FIELD)
    else:
        scope, body = _theirs(case, made)
    try:
        await status_of(app, scope, body, chunks=case.chunks)
    except Exception:  # noqa: BLE001  whatever it raises, nothing came in
        return False
    return shop.bodies == [body]


def _theirs(case: Case, made: Made) -> tuple[Scope, bytes]:
    """The case for who makes tokens without a session: a cookie and its double."""
    token = None
    if case.from_page or case.planted:
        token = made()
        place = "parts" if case.kind == PARTS or case.place == "parts" else case.place
        if case.from_page and case.kind not in {None, PARTS, "application/json", "text/plain"}:
            place = "form"
        cookie = "; ".join(filter(None, (f"{THEIRS}={token}", case.cookie)))
        case = replace(case, cookie=cookie, place=place)
    elif case.token is not None:
        token = "" if case.token == "empty" else "x" * 60
    case = replace(case, headers=tuple((name, value) for name, value in case.headers))
    scope, body = request(case, token, header="x-csrftoken", field=THEIRS)
    return {**scope, "server": ("shop.example", 443), "root_path": "", "http_version": "1.1"}, body


async def score() -> dict[str, tuple[int, int, list[str]]]:
    """Attacks that were kept out, honest requests that were let in, and the names of the others."""
    shop = Shop()
    found = {}
    for name, (app, made) in around(shop).items():
        through = [case.name for case in ATTACKS if await let_in(app, shop, case, made)]
        kept_out = [case.name for case in HONEST if not await let_in(app, shop, case, made)]
        found[name] = (len(ATTACKS) - len(through), len(HONEST) - len(kept_out), [*through, "", *kept_out])
    return found


async def bare(_scope: Scope, _receive: Receive, send: Send) -> None:
    """Says hello."""
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"hello"})


BROWSER: Final = (
    ("user-agent", "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"),
    ("accept", "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"),
    ("accept-language", "en-GB,en;q=0.5"),
    ("accept-encoding", "gzip, deflate, br, zstd"),
    ("referer", "https://shop.example/sell"),
)


def contenders() -> dict[str, tuple[ASGIApp, Scope, bytes]]:
    """Applications, each with a request that it lets in."""
    modern = Case("modern", (*BROWSER, ("origin", SITE), ("sec-fetch-site", "same-origin")))
    old = Case("old", BROWSER, token="own")
    session = SessionCookie(is_secure=True)
    ours = SameOrigin(bare, origin=SITE, refuse=refuse, tokens=TOKENS, session=session, harmless=READ_AFTER_COOKIES)
    given: dict[str, tuple[ASGIApp, Scope, bytes]] = {
        "nothing": (bare, *request(modern, None, header="", field="")),
        "ours, by headers": (ours, *request(modern, None, header="", field="")),
        "ours, by a token in a header": (ours, *request(old, MADE["own"](), header=HEADER.lower(), field=FIELD)),
    }
    for name, (app, made) in around(bare).items():
        if made is not None:
            given[name] = (app, *_theirs(replace(modern, from_page=True), made))
    return given


async def round_of(app: ASGIApp, scope: Scope, body: bytes, requests: int) -> float:
    """Microseconds of processor time a request."""

    async def receive() -> Message:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: Message) -> None:
        assert message.get("status", 200) == 200

    began = time.process_time()
    for _ in range(requests):
        await app(dict(scope), receive, send)
    return (time.process_time() - began) / requests * 1e6


async def measured(requests: int, rounds: int) -> dict[str, float]:
    """The median of each, beyond nothing."""
    apps = contenders()
    taken: dict[str, list[float]] = {name: [] for name in apps}
    for _ in range(rounds):
        for name, each in apps.items():
            taken[name].append(await round_of(*each, requests))
            await asyncio.sleep(0)
    medians = {name: statistics.median(each) for name, each in taken.items()}
    return {name: median - medians["nothing"] for name, median in medians.items() if name != "nothing"}


def kept(goals: Iterable[tuple[str, bool]]) -> int:
    """Tells of goals; 1 if one is missed."""
    told = list(goals)
    for goal, is_kept in told:
        print(f"{'kept  ' if is_kept else 'MISSED'}  {goal}")
    return 0 if all(is_kept for _, is_kept in told) else 1


def main() -> int:
    """Prints the figures; 1 if a limit is missed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--names", action="store_true", help="which attacks came through, and who was kept out")
    options = parser.parse_args()
    scores: dict[str, Any] = uvloop.run(score())
    costs = uvloop.run(measured(4_000, 5) if options.quick else measured(20_000, 9))
    table = Table("defence", f"attacks kept out, of {len(ATTACKS)}", f"honest let in, of {len(HONEST)}")
    for name, (blocked, passed, _) in scores.items():
        table.add_row(name, str(blocked), str(passed))
    Console().print(table)
    if options.names:
        for name, (_, _, others) in scores.items():
            print(f"{name}: {'; '.join(others)}")
    table = Table("around a bare application", "µs a request more")
    for name, cost in costs.items():
        table.add_row(name, f"{cost:.2f}")
    Console().print(table)
    return kept(
        [
            ("ours keeps every attack out", scores["ours"][0] == len(ATTACKS)),
            ("ours lets everybody honest in", scores["ours"][1] == len(HONEST)),
            (f"by headers at most {MOST_BY_HEADERS_US:g} µs", costs["ours, by headers"] <= MOST_BY_HEADERS_US),
            (f"by a token at most {MOST_BY_TOKEN_US:g} µs", costs["ours, by a token in a header"] <= MOST_BY_TOKEN_US),
        ]
    )


if __name__ == "__main__":
    sys.exit(main())
