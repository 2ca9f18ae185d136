"""`threadly keys`: keys are made, added and taken away, in a directory of secrets or by hand; nothing shows one."""

import json
import os
import stat
import subprocess
import sys
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.processes import ROOT
from threadly.core import clock
from threadly.core.audit import operator, search
from threadly.core.database import Database
from threadly.core.keys import Key, made_now

KEYS = "THREADLY_SECURITY__KEYS"
SECRET = "THREADLY_SECURITY__SECRET"
A_SECRET = "hD8s0vYQk4mX2bN6tR1wE9zK3uJ7cL5aF/gP+iMoTq0="
OLD = "20261001T080000Z:Vb3nQ8wZ1rT6yU0pL5kJ9hG2fD4sA7xC"
OLDER = "20260901T080000Z:mK9jH3gF7dS1aP5oI2uY8tR4eW6qZ0xN"


class Said(NamedTuple):
    code: int
    out: str
    err: str


def keys(environment: Mapping[str, str], *command: str) -> Said:
    bare = {name: value for name, value in os.environ.items() if name in {"PATH", "HOME"}}
    ended = subprocess.run(
        [sys.executable, "-m", "threadly", "keys", *command],
        env={**bare, "PYTHONPATH": str(ROOT), **environment},
        capture_output=True,
        text=True,
        cwd="/",
    )
    return Said(ended.returncode, ended.stdout, ended.stderr)


def made(ago: timedelta) -> str:
    """A key that was made so long ago."""
    return f"{clock.now() - ago:%Y%m%dT%H%M%SZ}:{made_now().partition(':')[2]}"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A directory of secrets with two keys."""
    (tmp_path / KEYS).write_text(f"{OLD}\n{OLDER}\n")
    (tmp_path / KEYS).chmod(0o600)
    return tmp_path


def test_the_list_tells_ids_ages_and_which_signs_and_no_byte_of_a_key() -> None:
    fresh = made(timedelta(minutes=5))
    environment = {KEYS: f"{fresh},{OLD}", SECRET: A_SECRET, "THREADLY_JOBS__POLL": "broken"}
    said = keys(environment, "list")
    lines = said.out.splitlines()
    assert (said.code, said.err, len(lines)) == (0, "", 3)
    assert fresh[:16] in lines[0]
    assert "signs from" in lines[0]
    assert lines[1].split()[:2] == ["20261001T080000Z", "signs"]
    assert "days old" in lines[1]
    assert lines[2].split()[:2] == ["first", "verifies"]
    assert "age unknown" in lines[2]
    assert all("environment" in line for line in lines)
    told = json.loads(keys(environment, "list", "--json").out)
    assert [each["id"] for each in told] == [fresh[:16], "20261001T080000Z", "first"]
    assert not any(secret in said.out + str(told) for secret in (fresh[17:23], OLD[17:23], A_SECRET[:6]))


def test_a_new_key_is_printed_alone_or_put_into_a_file_that_nobody_else_reads(tmp_path: Path) -> None:
    said = keys({}, "new")
    assert (said.code, said.err) == (0, "")
    assert abs(Key.read(said.out.strip()).made - datetime.now(UTC)) < timedelta(minutes=1)
    file = tmp_path / "key"
    assert keys({}, "new", "--file", str(file)).code == 0
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    kept = file.read_text()
    Key.read(kept.strip())
    refused = keys({}, "new", "--file", str(file))
    assert refused.code == 2
    assert "is there already. Nothing was changed." in " ".join(refused.err.split())
    assert file.read_text() == kept


def test_in_a_directory_of_secrets_a_key_is_added_and_taken_away_in_its_file(folder: Path) -> None:
    environment = {"THREADLY_SECRETS_DIR": str(folder)}
    said = keys(environment, "rotate")
    lines = (folder / KEYS).read_text().splitlines()
    assert (said.code, said.out) == (0, "")
    assert lines[1:] == [OLD, OLDER]
    assert Key.read(lines[0]).id in said.err
    assert lines[0][17:] not in said.err
    assert stat.S_IMODE((folder / KEYS).stat().st_mode) == 0o600

    again = keys(environment, "rotate")
    assert again.code == 2
    assert "does not sign" in again.err
    assert keys(environment, "retire", OLDER[:16]).code == 0
    assert (folder / KEYS).read_text().splitlines() == [lines[0], OLD]


def test_the_single_secret_of_a_directory_is_followed_by_keys_and_goes(tmp_path: Path) -> None:
    (tmp_path / SECRET).write_text(A_SECRET)
    environment = {"THREADLY_SECRETS_DIR": str(tmp_path), "THREADLY_SECURITY__KEYS_REST": "0"}
    assert keys(environment, "rotate").code == 0
    listed = keys(environment, "list").out.splitlines()
    assert [line.split()[1] for line in listed] == ["signs", "verifies"]
    refused = keys(environment, "retire", "first")
    assert refused.code == 2
    assert "Nobody is signed out" in " ".join(refused.err.split())
    assert (tmp_path / SECRET).read_text() == A_SECRET
    assert keys(environment, "retire", "first", "--at-once").code == 0
    assert not (tmp_path / SECRET).exists()
    assert len(keys(environment, "list").out.splitlines()) == 1


def test_where_the_environment_holds_keys_one_is_told_what_to_write_there() -> None:
    environment = {KEYS: f"{OLD},{OLDER}"}
    said = keys(environment, "rotate")
    assert said.code == 0
    Key.read(said.out.strip())
    assert f"Add it to {KEYS} (environment)" in said.err
    retired = keys(environment, "retire", OLDER[:16])
    assert (retired.code, retired.out) == (0, "")
    assert f"Take the part of {KEYS} (environment) away that begins with {OLDER[:16]}" in retired.err
    assert not any(key[17:23] in said.err + said.out + retired.err for key in (OLD, OLDER))


@pytest.mark.parametrize(
    ("case", "written", "id", "told"),
    [
        ("an unknown one", f"{OLD}\n{OLDER}", "20260101T000000Z", "no key with this id, but 20261001T080000Z, 2026090"),
        ("the only one", OLD, OLD[:16], "is the only key"),
        ("the one that signs", f"{OLD}\n{OLDER}", OLD[:16], "is still of use until"),
    ],
)
def test_a_key_that_is_needed_is_not_taken_away(tmp_path: Path, case: str, written: str, id: str, told: str) -> None:
    (tmp_path / KEYS).write_text(written)
    said = keys({"THREADLY_SECRETS_DIR": str(tmp_path)}, "retire", id)
    assert said.code == 2, case
    assert told in " ".join(said.err.split())
    assert (tmp_path / KEYS).read_text() == written


def test_the_id_is_shown_as_it_is_typed() -> None:
    said, missing = keys({}, "retire", "--help"), keys({}, "retire")
    assert "Usage: threadly keys retire [OPTIONS] ID" in said.out
    assert "--id" not in said.out + missing.err
    assert missing.code != 0
    assert "parameter ID requires an argument" in missing.err


def test_a_key_is_of_use_for_a_day_after_the_next_one_signs(tmp_path: Path) -> None:
    for hours, code in ((24, 2), (26, 0)):  # an hour that a new key rests, and a day
        (tmp_path / KEYS).write_text(f"{made(timedelta(hours=hours))}\n{OLD}")
        assert keys({"THREADLY_SECRETS_DIR": str(tmp_path)}, "retire", OLD[:16]).code == code


def test_a_directory_that_cannot_be_written_is_told_and_left(folder: Path) -> None:
    before = (folder / KEYS).read_text()
    subprocess.run(["mount", "--bind", "-o", "ro", str(folder), str(folder)], capture_output=True, check=False)
    try:
        if os.access(folder, os.W_OK):  # where nothing may be mounted, a name that is no folder will do
            said = keys({"THREADLY_SECRETS_DIR": str(folder)}, "new", "--file", str(folder / "no" / "key"))
        else:
            said = keys({"THREADLY_SECRETS_DIR": str(folder)}, "rotate")
    finally:
        subprocess.run(["umount", str(folder)], capture_output=True, check=False)
    assert said.code == 2
    assert "cannot be written" in said.err
    assert (folder / KEYS).read_text() == before


async def test_who_adds_and_takes_away_keys_is_in_the_audit_log_without_a_byte_of_one(
    migrated: Mapping[str, str], db: Database, folder: Path
) -> None:
    environment = {**migrated, "THREADLY_SECRETS_DIR": str(folder)}
    del environment[SECRET]
    rotated = keys(environment, "rotate")
    made_id = Key.read((folder / KEYS).read_text().splitlines()[0]).id
    retired = keys(environment, "retire", OLDER[:16])
    killed = keys(environment, "retire", OLD[:16], "--at-once")
    refused = keys(environment, "retire", "20260101T000000Z")

    assert [said.code for said in (rotated, retired, killed, refused)] == [0, 0, 0, 2]
    assert not any("audit log" in said.err for said in (rotated, retired, killed))
    async with db.read() as read:
        acts = (await search(read))[::-1]
    assert [(act.act, act.target, act.actor, act.cause, act.after) for act in acts] == [
        ("keys.made", f"key {made_id}", operator(), "command keys rotate", {"printed": False}),
        ("keys.retired", f"key {OLDER[:16]}", operator(), "command keys retire", {"at_once": False, "removed": True}),
        ("keys.retired", f"key {OLD[:16]}", operator(), "command keys retire", {"at_once": True, "removed": True}),
    ]
    assert not any(key[17:23] in str(acts) for key in (OLD, OLDER))


@pytest.mark.parametrize(
    ("case", "more", "why"),
    [
        ("no database named", {}, "names no database"),
        ("none that answers", {"DATABASE_URL": "postgresql://threadly@127.0.0.1:9/threadly"}, "cannot be reached"),
    ],
)
def test_a_key_that_leaked_goes_without_an_audit_log_too_and_that_is_said(
    folder: Path, case: str, more: Mapping[str, str], why: str
) -> None:
    said = keys({"THREADLY_SECRETS_DIR": str(folder), **more}, "retire", OLD[:16], "--at-once")

    told = " ".join(said.err.split())
    assert (said.code, said.out) == (0, ""), case
    assert "This is not in the audit log: " in told
    assert why in told
    assert (folder / KEYS).read_text().splitlines() == [OLDER]
