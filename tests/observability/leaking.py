"""Threadly with secrets in hand, and everything going wrong: `python -m tests.observability.leaking PLAN`.

It writes what it told into the folder that the plan names: lines.log, errors.json, metrics.txt, health.json, and of
what was answered the status, by the way (statuses.json), and each place that holds a secret (answers.json). Traces and
envelopes go to whom the settings name.
"""

import asyncio
import json
import re
import sys
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

import httpx
import msgspec
from litestar import Request, Router, post
from sqlalchemy import text

from tests.core.database.jobs.shop import eventually, nothing_left
from tests.making import a_credential, a_member, a_session
from tests.observability.paths import PATHS, Shop, go_wrong, handlers
from tests.observability.planting import SECRETS_OF_A_KIND, Secret, planted
from threadly import ops, web
from threadly.app import create
from threadly.core.config import Secret as Hidden
from threadly.core.database import Database, Tx
from threadly.core.database.jobs import JobsSettings
from threadly.core.observability import LogSettings, set_up_logs
from threadly.core.observability.metrics import families
from threadly.core.observability.metrics import text as written
from threadly.core.observability.private.errors import told as errors_told
from threadly.core.observability.private.listener import Asked
from threadly.core.observability.scrubbing import exceptions, glance, names, values
from threadly.core.observability.scrubbing import text as texts
from threadly.settings import Settings
from threadly.web.forms import FORM
from threadly.wiring import Services, services
from threadly.worker import work

_FIELD: Final = re.compile(rb"<input [^>]*>|<textarea[^>]*>[^<]*</textarea>")
_VALUE: Final = re.compile(rb' value="[^"]*"|(?<=>)[^<]+(?=</textarea>)')
QUICK: Final = JobsSettings(poll=timedelta(milliseconds=50), concurrency=4)
_LOSE: Final = """
CREATE FUNCTION lose(what text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'cannot keep %', what USING DETAIL = 'Failing row contains (' || what || ').', HINT = what; END $$
"""


@dataclass(frozen=True)
class Plan:
    """What to do, as JSON in the only argument; the settings are in the environment."""

    folder: str
    seed: int
    each: int
    """How many secrets go each way; each kind has its turn."""
    form: str
    is_scrubbed: bool


@dataclass(frozen=True)
class Echo:
    """A secret in what was answered."""

    way: str
    kind: str
    around: str


async def run(plan: Plan) -> None:
    """Goes all ways."""
    folder = Path(plan.folder)
    if not plan.is_scrubbed:
        tell_everything()
    told = LogSettings(file=folder / "lines.log", form=plan.form, queue_bytes=1 << 26, repeats_per_second=100_000)
    logs = set_up_logs(told)
    settings = _looking_at_each(Settings.from_environment())
    vars(web)["face"] = _with_a_way_to_lose(web.face)
    async with services(settings) as built, ops.watching(built, description="canary") as health:
        with built.errors.watching(asyncio.get_running_loop()):
            echoes, statuses = await _all_ways(plan, built)
            await _without_a_database(built, planted(plan.seed), most=plan.each)
        (folder / "errors.json").write_bytes((await errors_told(built.errors.said)(Asked("/errors"))).body)
        (folder / "health.json").write_bytes(health.report().json())
        (folder / "metrics.txt").write_bytes(written(families()))
        (folder / "answers.json").write_text(json.dumps([asdict(echo) for echo in echoes]))
        told_by_way = {way: sorted(several) for way, several in statuses.items()}
        (folder / "statuses.json").write_text(json.dumps(told_by_way))
        counted = {"groups": len(built.errors.said().groups), "dropped": dict(built.errors.dropped)}
        (folder / "counted.json").write_text(json.dumps(counted))
    logs.close()


def _looking_at_each(settings: Settings) -> Settings:
    """Failures are told one by one, as otherwise only the first of a kind is."""
    told = settings.observability
    errors = told.errors.model_copy(update={"sample_every": timedelta(0), "samples_per_second": 1_000_000})
    return settings.model_copy(update={"observability": told.model_copy(update={"errors": errors})})


async def _all_ways(plan: Plan, built: Services) -> tuple[list[Echo], dict[str, set[int]]]:
    stop = asyncio.Event()
    working = asyncio.create_task(work(built, stop=stop, handlers=handlers(), settings=QUICK))
    member = await a_member(built.db)
    await a_credential(built.db, member.id)
    token = (await a_session(built.db, member.id)).token
    owner = Database(built.settings.database.as_owner)
    await owner.run(_execute, _LOSE)
    await owner.close()
    transport = httpx.ASGITransport(create(built), raise_app_exceptions=False)
    own = {"sec-fetch-site": "same-origin"}
    echoes: list[Echo] = []
    statuses: dict[str, set[int]] = {name: set() for name in PATHS}
    async with (
        httpx.AsyncClient(transport=transport, base_url=built.settings.site.url, headers=own) as stranger,
        httpx.AsyncClient(transport=transport, base_url=built.settings.site.url, headers=own) as signed_in,
    ):
        signed_in.cookies.set("threadly_session", token)
        signed_in.headers["authorization"] = f"Bearer {token}"
        begun = await signed_in.post("/sell")
        listing = begun.headers["location"].rpartition("/")[2]
        shop = Shop(built, stranger, signed_in, listing, {"authorization": f"Bearer {token}"})
        secrets = planted(plan.seed)
        for at, (name, way) in enumerate(PATHS.items()):
            for secret in chosen(secrets, at, plan.each):
                stranger.cookies.clear()
                await way(shop, secret)
                echoes += _echoes(name, secret, shop.answers)
                statuses[name] |= {answer.status_code for answer in shop.answers}
                shop.answers.clear()
    await eventually(lambda: nothing_left(built.db), within=600)
    stop.set()
    await working
    return echoes, statuses


def chosen(secrets: list[Secret], at: int, each: int) -> list[Secret]:
    """So many of them, spread over all kinds, of another kind for each way: its neighbours are as loud as it is."""
    step = len(secrets) // each
    return [secrets[(number * step + at * (SECRETS_OF_A_KIND + 1)) % len(secrets)] for number in range(each)]


def _echoes(way: str, secret: Secret, answers: list[httpx.Response]) -> Iterator[Echo]:
    for answer in answers:
        told = _FIELD.sub(_emptied, answer.content) if b"<html" in answer.content else answer.content
        whole = str(answer.headers.multi_items()).encode() + b"\n" + told
        for needle in secret.needles:
            at = whole.find(needle)
            if at >= 0:
                yield Echo(way, secret.kind, whole[max(0, at - 60) : at + len(needle) + 20].decode(errors="replace"))


def _emptied(field: re.Match[bytes]) -> bytes:
    """A field without what was written into it, which is told to nobody else; one of a password has to be empty."""
    return field.group() if b'type="password"' in field.group() else _VALUE.sub(b"", field.group())


async def _without_a_database(built: Services, secrets: list[Secret], *, most: int) -> None:
    """The same installation with another password, and nobody at the address of its database."""
    for secret in [each for each in secrets if each.kind == "password"][:most]:
        address = f"postgresql://threadly:{secret.text}@127.0.0.1:1/{secret.text}"
        gone = Database(built.settings.database.model_copy(update={"url": Hidden(address)}))
        lost = replace(built, db=gone)
        transport = httpx.ASGITransport(create(lost), raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url=built.settings.site.url) as client:
            await client.get("/search")
        await gone.close()


async def _execute(tx: Tx, statement: str) -> None:
    await tx.execute(text(statement))


def _with_a_way_to_lose(face: Callable[[Services], web.Face]) -> Callable[[Services], web.Face]:
    def built(services: Services) -> web.Face:
        @post("/tests/lose/{how:str}", body=FORM)
        async def way(request: Request[Any, Any, Any], how: str) -> None:
            await go_wrong(services, how, (await request.body()).decode())

        made = face(services)
        return replace(made, routes=[*made.routes, Router("/", route_handlers=[way])])

    return built


def tell_everything() -> None:
    """Has nothing scrubbed any more: each function that does is replaced wherever it has been imported."""
    quiet = {
        texts.scrub_text: str,
        names.is_private: lambda _: False,
        glance.may_be_private: lambda _: False,
        exceptions.text_of: str,
        values.scrub_named: lambda _, value: _plain(value),
        values.scrub: _plain,
    }
    for name, module in list(sys.modules.items()):
        if name.startswith("threadly."):
            for each, value in list(vars(module).items()):
                if callable(value) and not isinstance(value, type) and value in quiet:
                    setattr(module, each, quiet[value])


def _plain(value: object) -> Any:  # noqa: ANN401
    return msgspec.to_builtins(value, enc_hook=str)


if __name__ == "__main__":
    asyncio.run(run(msgspec.json.decode(sys.argv[1], type=Plan)))
