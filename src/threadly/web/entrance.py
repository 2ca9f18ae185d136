"""Signing up, in and out, in pages."""

from typing import Final, cast

import msgspec
from litestar import HttpMethod, post, route
from litestar.di import NamedDependency
from litestar.params import SkipValidation
from litestar.response.base import ASGIResponse

from threadly import entrance
from threadly.core.asgi import BodyLimit, Scope
from threadly.core.auth import Discreet, Issued, sessions
from threadly.core.errors import FieldsRefused, Refusal
from threadly.core.text import AsTyped
from threadly.core.words import words
from threadly.languages import Language
from threadly.marketplace.members import NewMember, SignInRefused
from threadly.tiers import Tier
from threadly.web.forms import FORM, FormTooLarge, form
from threadly.web.pages import AnyRequest
from threadly.web.query import read_query
from threadly.web.redirects import FRONT_PAGE, HEART, same_site, see_other
from threadly.web.site import Site

WITH_PASSWORD: Final = BodyLimit(512 * 1024, too_large=FormTooLarge)
"""Room for a password of 60 KB however it is encoded, so that its refusal stands beside the field."""


class SignUpForm(NewMember, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the page of signing up sends."""

    next: str = ""


class SignInForm(Discreet, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the page of signing in sends."""

    name: str
    password: AsTyped
    next: str = ""


@route("/sign-up", http_method=[HttpMethod.GET, HttpMethod.HEAD], tier=Tier.GENERAL)
async def sign_up_page(request: AnyRequest, site: NamedDependency[SkipValidation[Site]]) -> ASGIResponse:
    """Where somebody becomes a member; members are sent on."""
    way = _way(read_query(request.scope["query_string"], {"next"}).get("next"))
    if await site.actor(request) is not None:
        return see_other(way or FRONT_PAGE)
    empty = SignUpForm(username="", email="", password="", next=way)
    return await site.form_page(request, "members/sign_up.html", values=empty)


@post("/sign-up", tier=Tier.AUTH, body=WITH_PASSWORD)
async def sign_up(request: AnyRequest, site: NamedDependency[SkipValidation[Site]]) -> ASGIResponse:
    """Makes a member, who is signed in at once. Sent twice, the second finds the first one's session, or their name."""
    written = await form(request, SignUpForm, limit=WITH_PASSWORD)
    if await site.actor(request) is not None:
        return see_other(_way(written.next) or FRONT_PAGE)
    new = NewMember(username=written.username, email=written.email, password=written.password)
    try:
        issued = await entrance.sign_up(site.services, new, user_agent=_user_agent(request), network=_network(request))
    except FieldsRefused as refused:
        kept = msgspec.structs.replace(written, next=_way(written.next))
        return await site.form_page(request, "members/sign_up.html", values=kept, refusals=refused.refusals)
    return _begin(site, issued, written.next)


@route("/sign-in", http_method=[HttpMethod.GET, HttpMethod.HEAD], tier=Tier.GENERAL)
async def sign_in_page(request: AnyRequest, site: NamedDependency[SkipValidation[Site]]) -> ASGIResponse:
    """Where members show who they are; who has, is sent on."""
    way = _way(read_query(request.scope["query_string"], {"next"}).get("next"))
    if await site.actor(request) is not None:
        return see_other(way or FRONT_PAGE)
    empty = SignInForm(name="", password="", next=way)
    return await site.form_page(request, "members/sign_in.html", values=empty, why=_why(way, site.language(request)))


@post("/sign-in", tier=Tier.AUTH, body=WITH_PASSWORD)
async def sign_in(request: AnyRequest, site: NamedDependency[SkipValidation[Site]]) -> ASGIResponse:
    """Begins a session. Whatever was wrong, the answer is the same."""
    written = await form(request, SignInForm, limit=WITH_PASSWORD)
    if await site.actor(request) is not None:
        return see_other(_way(written.next) or FRONT_PAGE)
    try:
        issued = await entrance.sign_in(
            site.services,
            written.name,
            written.password,
            user_agent=_user_agent(request),
            network=_network(request),
        )
    except FieldsRefused as refused:
        refusals = dict(refused.refusals)
    except SignInRefused as refused:
        site.services.notice(cast("Scope", request.scope), refused)
        refusals = {"password": Refusal(refused.code, words(SignInRefused.title))}
    else:
        return _begin(site, issued, written.next)
    kept = msgspec.structs.replace(written, next=_way(written.next))
    why = _why(kept.next, site.language(request))
    return await site.form_page(request, "members/sign_in.html", values=kept, refusals=refusals, why=why)


@post("/sign-out", tier=Tier.GENERAL, body=FORM)
async def sign_out(request: AnyRequest, site: NamedDependency[SkipValidation[Site]]) -> ASGIResponse:
    """Ends the session, here and in the browser; also when there is none any more."""
    actor = await site.actor(request)
    if actor is not None:
        await site.db.run(sessions.end, actor.id, actor.session_id)
    return see_other(FRONT_PAGE, cookie=site.session_cookie.clearing())


def _begin(site: Site, issued: Issued, way: str) -> ASGIResponse:
    seconds = int(site.auth.session_longest.total_seconds())  # the server knows when it ends before
    cookie = site.session_cookie.setting(issued.token, max_age_seconds=seconds)
    return see_other(_way(way) or FRONT_PAGE, cookie=cookie)


def _way(address: str | None) -> str:
    """Where to afterwards, if that is a page of ours; "" for nowhere in particular."""
    return same_site(address) or ""


def _why(way: str, language: Language) -> str:
    """Why somebody is asked who wants to go there; "" for who came by themselves."""
    path, _, place = way.removeprefix(language.at).partition("#")
    if place.startswith(HEART) or path.startswith("/my/favourites"):
        return language.say(words("To keep what you love, you need an account. It takes a minute."))
    if path.partition("?")[0].startswith("/sell"):
        return language.say(words("To sell something, you need an account. It takes a minute."))
    return language.say(words("For this, you need an account. It takes a minute.")) if way else ""


def _user_agent(request: AnyRequest) -> str:
    return request.headers.get("user-agent", "")


def _network(request: AnyRequest) -> str:
    return entrance.network(cast("Scope", request.scope))
