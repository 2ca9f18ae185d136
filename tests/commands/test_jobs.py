"""`threadly jobs`: what waits, what has failed for good, and another try."""

from collections.abc import Mapping
from datetime import timedelta

import msgspec
import pytest

from tests.core.database.jobs import shop
from tests.core.database.jobs.shop import Greet, Sold
from threadly.cli import app
from threadly.commands.errors import MigrationsMissing
from threadly.core.audit import operator, search
from threadly.core.database import Database
from threadly.core.database.jobs import queue
from threadly.core.database.jobs.queue import Failure


@pytest.fixture
async def dead(stocked: Database) -> list[int]:
    """Three jobs that have failed for good, by id; two of one name."""
    await stocked.run(queue.relay, subscribers={})  # what the shop itself has to do
    await shop.change(stocked, "DELETE FROM jobs")
    await shop.enqueue(stocked, Greet(number=1), Greet(number=2))
    await shop.add(stocked, Sold(number=3))
    await stocked.run(queue.relay, subscribers={"shop.sold": ["mail.sold"]})
    names = ["shop.greet", "mail.sold"]
    jobs = await stocked.run(queue.claim, worker="w", names=names, lease=timedelta(minutes=1), most=10)
    await stocked.run(queue.fail, [Failure(job.id, job.attempt, "smtp_refused", None) for job in jobs], worker="w")
    return [job.id for job in jobs]


async def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[object, str]:
    code = await app.run_async(["jobs", *arguments], result_action="return_value")
    return code, capsys.readouterr().out


async def alive(db: Database) -> int:
    return await shop.count(db, "jobs WHERE dead_at IS NULL")


async def test_what_has_failed_is_listed_without_what_was_in_it(
    dead: list[int], stocked: Database, capsys: pytest.CaptureFixture[str]
) -> None:
    _, said = await run(capsys, "status")
    assert said.splitlines() == [
        "0 jobs wait; 0 run.",
        "! 3 jobs failed for good, 0 messages refused: `threadly jobs dead`.",
    ]
    _, said = await run(capsys, "dead")
    assert said.splitlines()[1].split() == ["id", "job", "attempts", "died", "last", "error"]
    assert [line.split()[:2] for line in said.splitlines()[2:5]] == [
        [str(id), name] for id, name in zip(dead[::-1], ["mail.sold", "shop.greet", "shop.greet"], strict=True)
    ]
    assert said.count("smtp_refused") == 3
    assert "number" not in said
    _, said = await run(capsys, "dead", "--name", "mail.sold", "--json")
    (letter,) = msgspec.json.decode(said)["dead"]
    assert (letter["id"], letter["name"], letter["attempts"]) == (dead[2], "mail.sold", 1)
    assert "payload" not in letter
    assert await alive(stocked) == 0


async def test_those_that_are_named_are_tried_again_and_others_are_not(
    dead: list[int], stocked: Database, capsys: pytest.CaptureFixture[str]
) -> None:
    code, said = await run(capsys, "replay", str(dead[0]), "999999")
    assert (code, said.splitlines()) == (
        1,
        ["✓ 1 job will be tried again.", "! No job 999999 has failed for good."],
    )
    assert await shop.count(stocked, f"jobs WHERE id = {dead[0]} AND attempts = 0 AND dead_at IS NULL") == 1
    assert await alive(stocked) == 1
    assert await run(capsys, "replay", "--name", "mail.sold") == (0, "✓ 1 job will be tried again.\n")
    assert await run(capsys, "replay", "--all") == (0, "✓ 1 job will be tried again.\n")
    assert await run(capsys, "replay", "--all") == (0, "✓ 0 jobs will be tried again.\n")
    assert await alive(stocked) == 3
    assert (await run(capsys, "dead"))[1] == "✓ Nothing has failed for good.\n"


async def test_one_that_is_named_twice_over_is_not_missing(
    dead: list[int], stocked: Database, capsys: pytest.CaptureFixture[str]
) -> None:
    both = await shop.change(stocked, "UPDATE jobs SET name = 'shop.greet' WHERE dead_at IS NOT NULL")
    code, said = await run(capsys, "replay", "--name", "shop.greet", str(dead[0]))
    assert (code, said) == (0, f"✓ {both} jobs will be tried again.\n")


@pytest.mark.parametrize("command", ["replay", "discard"])
async def test_who_does_not_say_which_is_refused(
    dead: list[int], stocked: Database, capsys: pytest.CaptureFixture[str], command: str
) -> None:
    code, said = await run(capsys, command)
    assert code == 2
    assert said.startswith(f"✗ Say which: `threadly jobs {command} ID…`")
    assert await shop.count(stocked, "jobs WHERE dead_at IS NOT NULL") == len(dead)


async def test_what_is_thrown_away_is_gone_and_what_lives_is_not(
    dead: list[int], stocked: Database, capsys: pytest.CaptureFixture[str]
) -> None:
    await run(capsys, "replay", str(dead[1]))
    code, said = await run(capsys, "discard", str(dead[0]), str(dead[1]))
    assert (code, said.splitlines()) == (1, ["✓ 1 job thrown away.", f"! No job {dead[1]} has failed for good."])
    assert await shop.count(stocked, "jobs") == 2


@pytest.mark.usefixtures("dead")
async def test_messages_that_could_not_become_jobs_are_handed_on_again(
    stocked: Database, owner: Database, capsys: pytest.CaptureFixture[str]
) -> None:
    await shop.change(owner, "ALTER TABLE jobs ADD CONSTRAINT no_greetings CHECK (name <> 'shop.greet') NOT VALID")
    await shop.enqueue(stocked, Greet(number=7))
    await stocked.run(queue.relay_singly, subscribers={})
    _, said = await run(capsys, "dead")
    assert "Could not become jobs" in said
    assert "23514 no_greetings" in said
    assert "1 message refused" in (await run(capsys, "status"))[1]

    await shop.change(owner, "ALTER TABLE jobs DROP CONSTRAINT no_greetings")
    assert await run(capsys, "replay", "--refused") == (0, "✓ 0 jobs and 1 message will be tried again.\n")
    await stocked.run(queue.relay, subscribers={})
    assert await alive(stocked) == 1
    async with stocked.read() as read:
        (act,) = await search(read, limit=2)
    assert (act.act, act.target, act.after) == ("jobs.replayed", "messages refused", {"messages": 1})
    assert (act.actor, act.cause) == (operator(), "command jobs replay")


async def test_before_the_tables_are_there_it_is_refused(
    bare: Mapping[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert bare
    with pytest.raises(MigrationsMissing):
        await run(capsys, "status")


async def test_who_tries_again_or_throws_away_is_in_the_audit_log(
    dead: list[int], stocked: Database, capsys: pytest.CaptureFixture[str]
) -> None:
    await run(capsys, "replay", str(dead[0]), "4711")
    await run(capsys, "discard", str(dead[1]))
    await run(capsys, "replay", "--all")
    async with stocked.read() as read:
        told = [(act.act, act.target, act.actor, act.cause, act.after) for act in await search(read)][::-1]
    assert told == [
        ("jobs.replayed", f"job {dead[0]}", operator(), "command jobs replay", None),
        ("jobs.discarded", f"job {dead[1]}", operator(), "command jobs discard", None),
        ("jobs.replayed", "jobs all", operator(), "command jobs replay", {"jobs": 1}),
    ]
