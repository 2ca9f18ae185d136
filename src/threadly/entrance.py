"""What both faces do when somebody signs up or in, or changes their password: look, hash, write.

The hash stands outside of any transaction, since it takes longer than all the rest. Nobody learns here whether an
address or a name is known: each attempt to sign in costs one look and one hash, and each sign-up one hash, whatever is
in the tables; see docs/decisions.
"""

from collections.abc import Callable
from typing import Final, TypeAlias

from threadly.context import note_member
from threadly.core.asgi import Scope, headers_by_name
from threadly.core.auth import Actor, Issued, passwords, sessions
from threadly.core.errors import FieldsRefused
from threadly.core.observability.metrics import Outcomes
from threadly.core.security import hold
from threadly.core.security.events import SignInFailed
from threadly.core.security.limits import Asked, limit_reached, network_of
from threadly.marketplace import members
from threadly.marketplace.members import NewMember, SignInRefused
from threadly.tiers import ACCOUNT
from threadly.wiring import Services

Caller: TypeAlias = Callable[[Services, Scope], str | None]
"""By which token a face knows who asks: `by_cookie`, `by_header` or `nobody`."""

_FOUND: Final = "threadly.recognised"
_SCHEME: Final = "bearer"
SIGN_INS: Final = Outcomes("threadly_sign_ins", "Attempts to sign in.", success="signed_in")
SIGN_UPS: Final = Outcomes("threadly_sign_ups", "Attempts to become a member.", success="signed_up")


def bearer(scope: Scope) -> str | None:
    """The token of the Authorization header; "" if it holds something else; None where there is no such header.

    Of several the first: all who ask, ask here.
    """
    value = headers_by_name(scope).first(b"authorization")
    if value is None:
        return None
    scheme, _, token = value.decode("latin-1").partition(" ")
    return token.strip() if scheme.lower() == _SCHEME else ""


def by_cookie(services: Services, scope: Scope) -> str | None:
    """The token that the site's cookie shows, as pages believe it; it may be no good."""
    return services.session_cookie.read(scope)


def by_header(services: Services, scope: Scope) -> str | None:
    """The one of the Authorization header or, where that is not sent, of the cookie: as the API believes it."""
    token = bearer(scope)
    return by_cookie(services, scope) if token is None else token


def nobody(_services: Services, _scope: Scope) -> str | None:
    """None: as where it makes no difference who asks."""
    return None


async def recognised(services: Services, scope: Scope, token: str) -> Actor | None:
    """Whose token this is. Looked up once a request, whoever asks.

    Raises:
        DatabaseUnavailable: The sessions cannot be looked at.
        AtOnceReached: As many requests of theirs are under way as may be.
    """
    kept: dict[str, Actor | None] = scope.setdefault(_FOUND, {})
    if token not in kept:
        actor = await sessions.recognised(services.db, token, settings=services.settings.auth)
        if actor is not None:
            member = str(actor.id)
            note_member(member)
            hold(scope, services.members_at_once, member)
        kept[token] = actor
    return kept[token]


async def sign_up(services: Services, new: NewMember, *, user_agent: str, network: str) -> Issued:
    """Makes a member, who is signed in at once.

    Raises:
        FieldsRefused: A field breaks a rule, or the username is somebody's.
        PasswordsBusy: Too many want to at this moment.
    """
    with SIGN_UPS.measured():
        members.check_new(new, shop=services.settings.site.name)
        password_hash = await services.passwords.hash(new.password)
        issued = await services.db.run(
            members.sign_up, new, password_hash=password_hash, settings=services.settings.auth, user_agent=user_agent
        )
    await services.accounts.remember(new.username, network)  # whose the address is, nobody has shown yet
    return issued


def network(scope: Scope) -> str:
    """Where a request comes from, as far as limits tell places apart."""
    client = scope.get("client")
    return network_of(client[0] if client else "")


async def sign_in(services: Services, name: str, password: str, *, user_agent: str, network: str) -> Issued:
    """Begins a session of the member whom this username or address means, if the password is theirs.

    Raises:
        LimitReached: This name has been tried too often, from elsewhere than this network.
        FieldsRefused: The password is longer than any.
        SignInRefused: They do not belong together.
        PasswordChangedMeanwhile: They did until a moment ago.
        PasswordsBusy: Too many want to at this moment.
    """
    with SIGN_INS.measured():
        if (refusal := passwords.excess_refusal(password)) is not None:
            raise FieldsRefused(refusals={"password": refusal})
        key = await services.accounts.key(name, network)
        verdict = await services.limiter.spend(Asked(services.limits[ACCOUNT], key))
        if verdict.is_refused:
            raise limit_reached(verdict)
        issued = await _signed_in(services, name, password, user_agent=user_agent)
        await services.accounts.remember(name, network)
        return issued


async def _signed_in(services: Services, name: str, password: str, *, user_agent: str) -> Issued:
    async with services.db.read(latest=True) as read:
        found = await members.candidate(read, name)
    kept = None if found is None else found.password_hash
    if not await services.passwords.matches(password, kept) or found is None:
        raise SignInRefused(services.events.digest(name))
    is_outdated = services.passwords.is_outdated(found.password_hash)
    return await services.db.run(
        members.sign_in,
        found.member_id,
        verified_hash=found.password_hash,
        fresh_hash=await services.passwords.hash(password) if is_outdated else None,
        settings=services.settings.auth,
        user_agent=user_agent,
    )


async def change_password(services: Services, actor: Actor, *, current: str, new: str) -> None:
    """Changes a member's password, which ends all their other sessions.

    Raises:
        CurrentPasswordWrong: It is another one.
        FieldsRefused: The new one breaks a rule.
        PasswordChangedMeanwhile: Somebody else was quicker.
        PasswordsBusy: Too many want to at this moment.
    """
    async with services.db.read(latest=True) as read:
        own = await members.account(read, actor.id)
        kept = await members.kept_password(read, actor.id)
    if (refusal := passwords.refusal(new, about=members.known_of(own.username, own.email))) is not None:
        raise FieldsRefused(refusals={"new_password": refusal})
    if passwords.is_too_long(current) or not await services.passwords.matches(current, kept) or kept is None:
        services.events.record(SignInFailed(account=services.events.digest(own.username), actor_id=actor.id))
        raise members.CurrentPasswordWrong(refusals={"current_password": members.PASSWORD_WRONG})
    new_hash = await services.passwords.hash(new)
    await services.db.run(members.change_password, actor, verified_hash=kept, new_hash=new_hash)
