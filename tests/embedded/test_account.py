import os
from pathlib import Path

from threadly.embedded.account import Account


def test_an_ordinary_user_runs_servers_as_themselves_and_root_as_somebody_harmless(tmp_path: Path) -> None:
    account = Account.for_data(tmp_path / "nothing there yet")
    assert account.uid != 0
    assert account.borrowed == (os.geteuid() == 0)
    assert account.uid == os.geteuid() or account.borrowed


def test_root_runs_servers_as_the_owner_of_the_data(tmp_path: Path) -> None:
    if os.geteuid() == 0:
        os.chown(tmp_path, 4711, 4712)
    account = Account.for_data(tmp_path)
    assert account.uid == tmp_path.stat().st_uid
    assert account.borrowed == (os.geteuid() == 0)


def test_an_account_reaches_a_program_only_when_every_folder_lets_it_pass(tmp_path: Path) -> None:
    stranger = Account(uid=4711, gid=4712, borrowed=True)
    assert stranger.can_reach(Path("/bin/sh").resolve())
    program = tmp_path / "program"
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    assert not stranger.can_reach(program)  # pytest's folders are for their owner alone
