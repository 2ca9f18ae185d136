"""A planted secret is found wherever it is or was; what is said of it does not give it away."""

import secrets
import string
import subprocess
from pathlib import Path

from scan import leaks
from scan.excused import Excuse
from scan.verdict import Outcome

_LETTERS = string.ascii_letters + string.digits


def random_text(length: int, letters: str = _LETTERS) -> str:
    """Made anew each time, so that no secret stands in this file; a letter first, and every kind within."""
    return "x7Kq" + "".join(secrets.choice(letters) for _ in range(length - 4))


def git(folder: Path, *arguments: str) -> None:
    name = ["-c", "user.name=t", "-c", "user.email=t@threadly.example", "-c", "commit.gpgsign=false"]
    subprocess.run(["git", *name, *arguments], cwd=folder, check=True, capture_output=True)


def repository(folder: Path, **files: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    git(folder, "init", "--initial-branch", "main")
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    git(folder, "add", ".")
    git(folder, "commit", "--allow-empty", "--message", "first")
    return folder


def planted() -> dict[str, tuple[str, str]]:
    """What is leaked, and the secret in it."""
    webhook = "wh" + "sec_" + random_text(32)
    cloud = "AKIA" + "Q3" + "".join(secrets.choice(string.ascii_uppercase + "234567") for _ in range(14))
    payment = "sk_" + "live_" + random_text(32)
    forge = "gh" + "p_" + random_text(36)
    ours, database, named = random_text(43) + "=", random_text(16), random_text(40)
    key = subprocess.run(
        ["openssl", "genpkey", "-algorithm", "ed25519"], check=True, capture_output=True, text=True
    ).stdout
    return {
        "cloud storage": (f'KEY = "{cloud}"', cloud),
        "webhooks": (f'SIGNED_WITH = "{webhook}"', webhook),
        "payment provider": (f'KEY = "{payment}"', payment),
        "a forge": (f'TOKEN = "{forge}"', forge),
        "our own setting": (f"export THREADLY_SECURITY__SECRET={ours}", ours),
        "the database's password": (f'URL = "postgresql://threadly:{database}@db.prod.internal/threadly"', database),
        "something named a secret": (f'"client_secret": "{named}"', named),
        "a private key": (key, key.splitlines()[1]),
    }


def test_secrets_of_each_kind_are_found_by_their_place_and_never_repeated(tmp_path: Path) -> None:
    folder = repository(tmp_path)
    kinds = planted()
    for kind, (text, _) in kinds.items():
        name = kind.replace(" ", "-").replace("'", "")
        (folder / name).write_text(f"# first\n{text}\n", encoding="utf-8")  # not even added yet
    verdict = leaks.check(folder, [])
    assert verdict.outcome is Outcome.FOUND
    told = "\n".join(verdict.lines())
    assert [kind for kind in kinds if kind.replace(" ", "-").replace("'", "") + ":" not in told] == []
    assert [kind for kind, (_, secret) in kinds.items() if secret in told] == []


def test_a_secret_that_was_taken_out_again_is_found_in_the_history(tmp_path: Path) -> None:
    text, _ = planted()["our own setting"]
    folder = repository(tmp_path / "first", prod=text)
    git(folder, "rm", "prod")
    git(folder, "commit", "--message", "second")
    beside = tmp_path / "beside"
    git(folder, "worktree", "add", str(beside))
    for place in (folder, beside):
        verdict = leaks.check(place, [])
        assert verdict.outcome is Outcome.FOUND
        assert [line for line in verdict.details if "prod:1 in commit" in line], verdict.details


def test_without_git_the_files_are_looked_at_and_the_rest_is_said(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("A = 1\n", encoding="utf-8")
    quiet = leaks.check(tmp_path, [])
    assert quiet.outcome is Outcome.OK
    assert "git has no history here" in quiet.summary
    (tmp_path / "a.py").write_text(planted()["a forge"][0], encoding="utf-8")
    assert leaks.check(tmp_path, []).outcome is Outcome.FOUND


def test_a_history_that_is_cut_short_is_said(tmp_path: Path) -> None:
    whole = repository(tmp_path / "whole", a="1")
    (whole / "a").write_text("2", encoding="utf-8")
    git(whole, "commit", "--all", "--message", "second")
    git(tmp_path, "clone", "--depth", "1", f"file://{whole}", "short")
    assert "whole history" in leaks.check(whole, []).summary
    assert "cut short" in leaks.check(tmp_path / "short", []).summary


def test_what_git_ignores_is_where_secrets_may_be(tmp_path: Path) -> None:
    folder = repository(tmp_path, **{".gitignore": ".env\n"})
    (folder / ".env").write_text(planted()["our own setting"][0], encoding="utf-8")
    assert leaks.check(folder, []).outcome is Outcome.OK


def test_what_is_made_up_is_excused_by_its_digest_and_nothing_else_is(tmp_path: Path) -> None:
    folder = repository(tmp_path, notes=planted()["our own setting"][0])
    digests = {leak.sha256[:16] for leak in leaks.in_files(folder)}
    excuses = [Excuse(digest, "made up for a test") for digest in digests]
    assert leaks.check(folder, excuses).outcome is Outcome.OK
    (folder / "notes").write_text(planted()["our own setting"][0], encoding="utf-8")
    assert leaks.check(folder, excuses).outcome is Outcome.FOUND
