"""`threadly`, the command.

What each command needs is imported when that command is typed and not before (cyclopts loads them by name), so that
`threadly --help` answers at once. An error that we foresaw is one message and exit code 2; any other is a traceback
and exit code 1.
"""

import sys
from importlib.metadata import version
from typing import Final

from cyclopts import App, Group
from rich.console import Console

_REFUSED: Final = 2
_HINTS: Final = {"configuration_invalid": "\n`threadly check` tells the same, and what would mend it."}
_TRY: Final = Group.create_ordered("Try it")
_RUN: Final = Group.create_ordered("Run it")

app = App(
    name="threadly",
    help="A second-hand fashion marketplace of your own.",
    help_format="markdown",
    help_epilogue="Begin with `threadly demo`. Each command explains itself: `threadly serve --help`.",
    version=lambda: f"threadly {version('threadly')}",
)
# The text of each stands here, and not with its function, because the list of commands is printed without loading them.
app.command(
    "threadly.commands.demo:demo",
    group=_TRY,
    help_epilogue="",
    help="""Start a whole shop, with its own PostgreSQL, Valkey and sample data.

    Everything lies in one folder, ./.threadly if not said, and is found there again at the next start. Ctrl-C stops all
    of it. With DATABASE_URL or REDIS_URL set (or THREADLY_DATABASE__URL, THREADLY_CACHE__URL), it uses those servers
    instead of its own.

    Example: `threadly demo --port 8080 --listings 5000`
    """,
)
app.command(
    "threadly.commands.serve:serve",
    group=_RUN,
    help_epilogue="",
    help="""Answer browsers and API clients.

    The environment says which servers it uses: THREADLY_DATABASE__URL, THREADLY_CACHE__URL, THREADLY_MEDIA__FOLDER and
    THREADLY_SECURITY__SECRET; docs/reference/settings.md has every variable. THREADLY_SITE__URL is where browsers find
    it. It refuses to start before `threadly db upgrade` has run. Background jobs need `threadly work` beside it. Ctrl-C
    or SIGTERM lets requests under way finish, a second one does not.

    Example: `threadly serve --host 0.0.0.0 --port 8080 --workers 4`
    """,
)
app.command(
    "threadly.commands.work:work",
    group=_RUN,
    help_epilogue="",
    help="""Run jobs, events and schedules in the background.

    Reads the same environment as `threadly serve`. Any number of them may run, on any number of machines. One that is
    killed loses nothing: another does again what it was doing.

    Example: `threadly work`
    """,
)
app.command(
    "threadly.commands.seed:seed",
    group=_RUN,
    help_epilogue="",
    help="""Fill an empty shop with sample data.

    The same numbers give the same shop, anywhere. A shop that holds anything else is left as it is.

    Example: `threadly seed --listings 10000 --seed 7`
    """,
)
app.command(
    "threadly.commands.check:check",
    group=_RUN,
    help_epilogue="",
    help="""Say whether the settings are right, before anything is started.

    Reads what `threadly serve` reads, and reaches for nothing. Each mistake is told with its variable, where it stands,
    what it should be and an example; what would mend them all comes last. Exit code 0 says that all is well, 1 that
    there are warnings, 2 that Threadly does not start like this.

    Example: `threadly check`
    """,
)
app.command(
    "threadly.commands.doctor:doctor",
    group=_RUN,
    help_epilogue="",
    help="""Reach everything that this installation depends on, and say what is wrong.

    The settings, PostgreSQL, Valkey, the place of the pictures and this machine: what was seen, what is expected, and
    what to do. It takes two seconds at most, whatever hangs. Exit code 0 says that all is well, 1 that there are
    warnings, 2 that something is wrong.

    Example: `threadly doctor`
    """,
)
app.command("threadly.commands.jobs:jobs", group=_RUN, help="See what waits to be done, and try again what has failed.")
app.command(
    "threadly.commands.keys:keys",
    group=_RUN,
    help="Change the keys that sign tokens and marks, without anybody noticing.",
)
app.command("threadly.commands.security:security", group=_RUN, help="See what protections have seen.")
app.command(
    "threadly.commands.audit:audit",
    group=_RUN,
    help_epilogue="",
    help="""List acts that matter: who did what to what, because of what, and what it was before.

    The log only grows: whoever serves can add to it, and change nothing.

    Example: `threadly audit --actor "member 0190163d-8694-739b-aea5-966c26f8ad91" --since 7d`
    """,
)
app.command("threadly.commands.config:config", group=_RUN, help="See what this installation is told.")
app.command(
    "threadly.commands.db:db",
    group=_RUN,
    help="""Bring the database to another release, or see where it is and how it does.

    For a new release: `threadly db plan` says what its migrations would do to whom, `threadly db upgrade` runs them,
    and `threadly db verify` says whether the database is whole. Each can be interrupted and run again. To go back,
    `threadly db downgrade` takes migrations back, unless that would lose something.
    """,
)


def main() -> None:
    """Runs what the command line says, and ends the process."""
    try:
        app(sys.argv[1:])
    except Exception as error:
        if not _was_foreseen(error):
            raise
        told = f"{error}{_HINTS.get(getattr(type(error), 'code', ''), '')}"
        Console(stderr=True, highlight=False, soft_wrap=True).print(f"[bold red]✗[/] {_escaped(told)}")
        sys.exit(_REFUSED)


def _was_foreseen(error: Exception) -> bool:
    """Ours, and of a class with a stable code: its text is written for whoever reads it."""
    kind = type(error)
    return kind.__module__.startswith("threadly.") and isinstance(getattr(kind, "code", None), str)


def _escaped(text: str) -> str:
    return text.replace("[", r"\[")
