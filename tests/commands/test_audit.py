"""`threadly audit`: acts, for people and programs."""

import msgspec
import pytest
from sqlalchemy import select

from threadly.cli import app
from threadly.commands.errors import OptionInvalid
from threadly.core import audit
from threadly.core.database import Database
from threadly.marketplace.members import Member
from threadly.marketplace.members.service import ProfileChanged, SignedUp

WHO = "member 0190163d-8694-739b-aea5-966c26f8ad91"


async def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    await app.run_async(["audit", *arguments], result_action="return_value")
    return capsys.readouterr().out


@pytest.fixture
async def acted(stocked: Database) -> None:
    """Two acts."""
    await stocked.run(audit.record, SignedUp, actor=WHO, target=WHO, after={"username": "mila"})
    with audit.acting("operator anna@shop", cause="command shop"):
        await stocked.run(audit.record, ProfileChanged, target=WHO, before={"place": "Sofia"}, after={"place": "Varna"})


@pytest.mark.usefixtures("acted")
async def test_people_read_who_did_what_and_what_it_was(capsys: pytest.CaptureFixture[str]) -> None:
    said = [line.strip() for line in (await run(capsys)).splitlines()]
    assert [said[0][21:], *said[1:3]] == [
        f"member.profile_changed  {WHO}", "by operator anna@shop, command shop", "place: Sofia → Varna",
    ]  # fmt: skip
    assert [said[3][21:], *said[4:]] == [f"member.signed_up  {WHO}", f"by {WHO}, unknown", "username: mila"]


@pytest.mark.usefixtures("acted")
@pytest.mark.parametrize(
    ("arguments", "acts"),
    [
        ((), ["member.profile_changed", "member.signed_up"]),
        (("--actor", WHO), ["member.signed_up"]),
        (("--target", WHO), ["member.profile_changed", "member.signed_up"]),
        (("--act", "member.signed_up", "--since", "1h"), ["member.signed_up"]),
        (("--target", "catalogue"), []),
    ],
)
async def test_programs_read_what_they_asked_for(
    capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], acts: list[str]
) -> None:
    told = msgspec.json.decode(await run(capsys, "--json", *arguments))
    assert [act["act"] for act in told["acts"]] == acts


@pytest.mark.usefixtures("acted")
async def test_a_page_says_how_to_ask_for_the_next(capsys: pytest.CaptureFixture[str]) -> None:
    cursor = (await run(capsys, "--most", "1")).splitlines()[-1].rpartition("--after ")[2]
    assert "member.signed_up" in await run(capsys, "--after", cursor)


@pytest.mark.usefixtures("acted")
@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (("--act", "nonsense"), "--act is one of: catalogue"),
        (("--actor", "mila"), "--actor is `member ID`"),
        (("--actor", "member nobody-at-all"), "--actor is the id or the username of a member, and nobody"),
    ],
)
async def test_what_cannot_be_meant_is_refused(arguments: tuple[str, ...], why: str) -> None:
    with pytest.raises(OptionInvalid, match=why):
        await app.run_async(["audit", *arguments], result_action="return_value")


async def test_a_member_is_found_by_name(stocked: Database, capsys: pytest.CaptureFixture[str]) -> None:
    async with stocked.read() as read:
        member = (await read.execute(select(Member.id, Member.username))).one()
    await stocked.run(audit.record, SignedUp, actor=f"member {member.id}", target="thing")
    assert "member.signed_up  thing" in await run(capsys, "--actor", f"member {member.username.upper()}")


@pytest.mark.usefixtures("stocked")
async def test_nothing_is_said_to_be_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    assert await run(capsys) == "✓ Nothing was recorded.\n"
