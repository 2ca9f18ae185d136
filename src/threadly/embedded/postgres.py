"""PostgreSQL 18 in a data folder: made on the first start, mended after a crash, stopped with its owner.

Three roles. `threadly` owns the database of the same name and may create others, no more: it migrates.
`threadly_serving` owns nothing, and gets what `core.database.roles` grants: the application serves as it. `postgres`
may do everything. Each has a random password in a file of mode 0600; there is no way in without one.
"""

import asyncio
import json
import secrets
import shutil
import time
from collections.abc import Callable
from pathlib import Path

from threadly.embedded.binaries import POSTGRES_MAJOR, PostgresPrograms, find_postgres, reachable_postgres
from threadly.embedded.data import Data
from threadly.embedded.errors import DataFromOtherVersion, DataNotUsable
from threadly.embedded.files import replace_file
from threadly.embedded.orphans import stop_orphans
from threadly.embedded.postgres_settings import ACCESS, as_file, machine_memory_bytes, settings
from threadly.embedded.process import POLL_SECONDS, Kept, Stops

OWNER_ROLE = "threadly"
SERVING_ROLE = "threadly_serving"
ADMINISTRATOR_ROLE = "postgres"
DATABASE = "threadly"

# Fast (sessions are ended, a checkpoint is written), then immediate (the next start recovers): 5 s with what follows.
_STOPS: Stops = (("SIGINT", 3.0), ("SIGQUIT", 0.5))
_SET_UP_STOPS: Stops = (("SIGTERM", 0.5),)
_SLOW_SECONDS = 1.0
_START_SECONDS = 300.0  # recovery after a crash may have much to replay
_OLD_MEMORY = "pre-existing shared memory block"
_OLD_MEMORY_SECONDS = 5.0

_ROLES = """\
create role {role} login createdb;
grant pg_monitor, pg_signal_backend to {role};
create database {database} owner {role};
"""
_SERVING = (
    f"do $$ begin if to_regrole('{SERVING_ROLE}') is null then create role {SERVING_ROLE} login; end if; end $$;",
    f"grant pg_monitor to {SERVING_ROLE};",
)
"""Also for data of a release that had no such role."""
_EXTENSIONS = ("vector", "pg_stat_statements")  # the ones only an administrator may create; others are the migrations'


class Postgres:
    """One PostgreSQL server. `start` and `stop` once each; the addresses are known from `start` on."""

    name = "PostgreSQL"

    def __init__(self, data: Data, *, durable: bool, on_progress: Callable[[str], None]) -> None:
        """Raises EnginesNotInstalled when the binaries are missing."""
        self._data = data
        self._durable = durable
        self._on_progress = on_progress
        self._programs: PostgresPrograms = find_postgres()
        self._folder = data.folder / "postgres"
        self._passwords: dict[str, str] = {}
        self._server: Kept | None = None

    @property
    def url(self) -> str:
        """For who migrates: the role that owns the database."""
        return self._url(OWNER_ROLE)

    @property
    def serving_url(self) -> str:
        """The same database for the application: the role that owns nothing."""
        return self._url(SERVING_ROLE)

    @property
    def administrator_url(self) -> str:
        """The same database for the role that may do everything."""
        return self._url(ADMINISTRATOR_ROLE)

    async def start(self) -> None:
        """Returns when the server takes connections.

        Raises:
            DataFromOtherVersion: Another major version wrote the data.
            DataNotUsable: The data is no database.
            EngineFailed: It did not start; the error quotes its log.
        """
        self._programs = await asyncio.to_thread(
            reachable_postgres, self._programs, self._data.account, self._data.scratch
        )
        if not self._folder.exists():
            await self._create()
        self._refuse_other_versions()
        if await stop_orphans("postgres", self._folder, _STOPS):
            self._on_progress("Stopped a PostgreSQL that an earlier run had left behind")
        # Nothing runs here any more: a pid file is stale, and its number may be somebody else's by now.
        (self._folder / "postmaster.pid").unlink(missing_ok=True)
        self._configure()
        await self._ensure_passwords()
        await self._serve()

    async def stop(self) -> None:
        """Ends every session and the server, within 5 s."""
        if self._server is not None:
            await self._server.stop()

    def lost(self) -> Exception | None:
        """The error to raise when the server has ended by itself."""
        if self._server is None or self._server.exit_code is None:
            return None
        return self._server.failure("ended by itself")

    async def _serve(self) -> None:
        began = time.monotonic()
        told = False
        command: list[str | Path] = [self._programs.postgres, "-D", self._data.account.name_for(self._folder)]
        command += ["-k", str(self._data.sockets)]
        self._server = Kept(self.name, command, self._folder, self._data, stops=_STOPS)
        while not self._is_ready():
            waited = time.monotonic() - began
            if self._server.exit_code is not None:
                if waited > _OLD_MEMORY_SECONDS or _OLD_MEMORY not in self._server.log_text():
                    raise self._server.failure("did not start")
                await asyncio.sleep(0.1)  # backends of a server that was killed are still on their way out
                self._server = Kept(self.name, command, self._folder, self._data, stops=_STOPS)
            if waited > _START_SECONDS:
                raise self._server.failure(f"was not ready after {_START_SECONDS:.0f} s")
            if waited > _SLOW_SECONDS and not told:
                self._on_progress("PostgreSQL is recovering what an earlier run left unfinished")
                told = True
            await asyncio.sleep(POLL_SECONDS)

    def _is_ready(self) -> bool:
        """What pg_ctl looks at: the eighth line of the pid file, which we know is not an old one."""
        try:
            lines = (self._folder / "postmaster.pid").read_text().splitlines()
        except FileNotFoundError:
            return False
        return len(lines) > 7 and lines[7].strip() == "ready"

    async def _create(self) -> None:
        """Makes the database beside its place and moves it there when it is whole, so that it is there or it is not."""
        self._on_progress("Creating the database (first start only)")
        unfinished = self._data.folder / "postgres.new"
        await stop_orphans("postgres", unfinished, _SET_UP_STOPS)
        if unfinished.exists():
            await asyncio.to_thread(shutil.rmtree, unfinished)
        self._data.account.make_folder(unfinished)
        await Kept(
            self.name,
            [
                self._programs.initdb,
                "--pgdata=" + self._data.account.name_for(unfinished),
                "--username=" + ADMINISTRATOR_ROLE,
                "--auth=peer",  # for the moment: ACCESS replaces it before any server listens
                "--encoding=UTF8",
                "--locale=C",
                "--lc-ctype=C.UTF-8",  # pg_trgm asks the C library what a letter is; under C only ASCII has any
                "--locale-provider=builtin",
                "--builtin-locale=PG_UNICODE_FAST",
                "--set=dynamic_shared_memory_type=mmap",  # a run that is killed leaves nothing in /dev/shm
                "--no-instructions",
                *([] if self._durable else ["--no-sync"]),
            ],
            unfinished,
            self._data,
            stops=_SET_UP_STOPS,
        ).finished()
        await self._execute_alone(unfinished, "template1", [f"create extension {name};" for name in _EXTENSIONS])
        roles = _ROLES.format(role=OWNER_ROLE, database=DATABASE).splitlines()
        await self._execute_alone(unfinished, "template1", roles)
        unfinished.rename(self._folder)

    async def _ensure_passwords(self) -> None:
        """Reads the passwords; makes new ones when the file is missing or unreadable, as after a half-done start."""
        place = self._data.folder / "postgres-passwords"
        try:
            self._passwords = {role: str(word) for role, word in json.loads(place.read_text()).items()}
        except (FileNotFoundError, ValueError, AttributeError):
            self._passwords = {}
        roles = (OWNER_ROLE, SERVING_ROLE, ADMINISTRATOR_ROLE)
        if self._passwords.keys() == set(roles):
            return
        self._passwords = {role: secrets.token_urlsafe(32) for role in roles}
        statements = [f"alter role {role} password '{word}';" for role, word in self._passwords.items()]
        # One round instead of 4096: rounds slow down the guessing of weak passwords, and every connection with it.
        # Nobody guesses 256 random bits.
        await self._execute_alone(self._folder, "template1", ["set scram_iterations = 1;", *_SERVING, *statements])
        replace_file(place, json.dumps(self._passwords))

    async def _execute_alone(self, folder: Path, database: str, statements: list[str]) -> None:
        """Runs statements, one a line, without a server: nobody else can connect meanwhile.

        Raises:
            EngineFailed: One of them failed.
        """
        run = Kept(
            self.name,
            [
                self._programs.postgres,
                "--single",
                "-D",
                self._data.account.name_for(folder),
                "-c",
                "exit_on_error=on",
                "-c",
                "log_checkpoints=off",
                "-c",
                "log_min_error_statement=panic",  # statements here may carry a password
                database,
            ],
            folder,
            self._data,
            stops=_SET_UP_STOPS,
            stdin="".join(f"{statement}\n" for statement in statements),
        )
        await run.finished()

    def _configure(self) -> None:
        own = self._folder / "local.conf"
        if not own.exists():
            text = "# Settings of your own, stronger than those of postgresql.conf.\n"
            replace_file(own, text, self._data.account)
        lines = settings(durable=self._durable, memory_bytes=machine_memory_bytes())
        for name, text in {"postgresql.conf": as_file(lines), "pg_hba.conf": ACCESS}.items():
            replace_file(self._folder / name, text, self._data.account)

    def _refuse_other_versions(self) -> None:
        try:
            found = (self._folder / "PG_VERSION").read_text().strip()
        except FileNotFoundError:
            raise DataNotUsable(
                f"{self._folder} is not a database (PG_VERSION is missing). It was left as it is; restore it from a "
                f"backup, move it away to start afresh, or choose another folder with --data DIR."
            ) from None
        if found != str(POSTGRES_MAJOR):
            raise DataFromOtherVersion(self._folder, found=found, ours=POSTGRES_MAJOR)

    def _url(self, role: str) -> str:
        return f"postgresql://{role}:{self._passwords[role]}@/{DATABASE}?host={self._data.sockets}"
