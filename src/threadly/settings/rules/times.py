"""Times that follow each other, and hashes that take theirs."""

from datetime import timedelta
from math import ceil
from typing import Final

from threadly.core.config import Broken, Rule, Weight
from threadly.settings.installation import Installation

_A_YEAR: Final = timedelta(days=366)
_JOBS_A_CONNECTION: Final = 4
_ENDING: Final = ("THREADLY_SERVER__DEADLINE", "THREADLY_SERVER__DRAIN")
_HASHES: Final = ((46, 1), (19, 2), (12, 3), (9, 4), (7, 5))  # MiB and passes: OWASP's cheat sheet on storing passwords


def _requests_end(installation: Installation) -> Broken | None:
    takes = installation.server.deadline
    if takes <= installation.server.drain:
        return None
    seconds = takes.total_seconds()
    says = f"a request may take {seconds:g} s, and what stops waits less"
    return Broken(says, _ENDING, f"THREADLY_SERVER__DRAIN={ceil(seconds)}s")


def _waits_fit(installation: Installation) -> str | None:
    database, deadline = installation.database, installation.server.deadline
    if max(database.pool_wait, database.statement_timeout) <= deadline:
        return None
    return f"a request is refused after {deadline.total_seconds():g} s, so they are never reached"


def _jobs_take_longer(installation: Installation) -> str | None:
    is_shorter = installation.jobs.statement_timeout < installation.database.statement_timeout
    return "a job's statement is cut off before a page's" if is_shorter else None


def _lost_jobs_are_seen(installation: Installation) -> str | None:
    return (
        "a lost job waits longer for a look than for its lease"
        if installation.jobs.poll > installation.jobs.lease
        else None
    )


def _jobs_wait_briefly(installation: Installation) -> str | None:
    jobs, pool = installation.jobs.concurrency, installation.database.pool_size
    return f"{jobs} jobs share {pool} connections" if jobs > _JOBS_A_CONNECTION * pool else None


def _sessions_go_idle_first(installation: Installation) -> str | None:
    auth = installation.auth
    return "a session ends before it can go idle" if auth.session_idle > auth.session_longest else None


def _sessions_end(installation: Installation) -> str | None:
    return "a session outlives a year" if installation.auth.session_longest > _A_YEAR else None


def _hashes_take_long(installation: Installation) -> str | None:
    memory, passes = installation.auth.hash_memory_kib, installation.auth.hash_passes
    is_enough = any(memory >= mib * 1024 and passes >= least for mib, least in _HASHES)
    return None if is_enough else "a stolen hash is guessed too fast"


TIMES: Final[tuple[Rule[Installation], ...]] = (
    Rule(
        "requests-end-while-draining",
        Weight.UNWISE,
        _ENDING,
        "A request ends before a stopping server gives up on it.",
        _requests_end,
    ),
    Rule(
        "waits-fit-deadline",
        Weight.UNWISE,
        ("THREADLY_DATABASE__POOL_WAIT", "THREADLY_DATABASE__STATEMENT_TIMEOUT", "THREADLY_SERVER__DEADLINE"),
        "One wait for a connection, and one statement, take no longer than all of a request may.",
        _waits_fit,
        mends="Lower THREADLY_DATABASE__POOL_WAIT or STATEMENT_TIMEOUT, or raise THREADLY_SERVER__DEADLINE.",
    ),
    Rule(
        "jobs-may-take-longer",
        Weight.UNWISE,
        ("THREADLY_JOBS__STATEMENT_TIMEOUT", "THREADLY_DATABASE__STATEMENT_TIMEOUT"),
        "Nobody waits for a job as for a page, so its statements have as long or longer.",
        _jobs_take_longer,
        mends="THREADLY_JOBS__STATEMENT_TIMEOUT=10m",
    ),
    Rule(
        "lost-jobs-are-seen",
        Weight.UNWISE,
        ("THREADLY_JOBS__POLL", "THREADLY_JOBS__LEASE"),
        "Workers look for jobs at least as often as a lease lapses.",
        _lost_jobs_are_seen,
        mends="THREADLY_JOBS__POLL=1s",
    ),
    Rule(
        "jobs-wait-briefly",
        Weight.UNWISE,
        ("THREADLY_JOBS__CONCURRENCY", "THREADLY_DATABASE__POOL_SIZE"),
        f"At most {_JOBS_A_CONNECTION} jobs share a connection, or they are refused one before their turn.",
        _jobs_wait_briefly,
        mends="Lower THREADLY_JOBS__CONCURRENCY, or raise THREADLY_DATABASE__POOL_SIZE.",
    ),
    Rule(
        "sessions-go-idle-first",
        Weight.BROKEN,
        ("THREADLY_AUTH__SESSION_IDLE", "THREADLY_AUTH__SESSION_LONGEST"),
        "A session may be idle for less long than it may last.",
        _sessions_go_idle_first,
        mends="Shorten THREADLY_AUTH__SESSION_IDLE, or lengthen THREADLY_AUTH__SESSION_LONGEST.",
    ),
    Rule(
        "sessions-end",
        Weight.UNWISE,
        ("THREADLY_AUTH__SESSION_LONGEST",),
        "Whoever has taken a device has not taken an account for good.",
        _sessions_end,
        mends="THREADLY_AUTH__SESSION_LONGEST=180d",
    ),
    Rule(
        "passwords-are-hashed-well",
        Weight.UNSAFE,
        ("THREADLY_AUTH__HASH_MEMORY_KIB", "THREADLY_AUTH__HASH_PASSES"),
        "A hash takes what OWASP asks of Argon2id at least: 19 MiB and two passes, or 46 MiB and one.",
        _hashes_take_long,
        mends="THREADLY_AUTH__HASH_MEMORY_KIB=19456 with THREADLY_AUTH__HASH_PASSES=2.",
    ),
)
