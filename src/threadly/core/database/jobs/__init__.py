"""Runs what the outbox asks for: handlers of events and jobs, retries, dead letters, schedules."""

from threadly.core.database.jobs.backoff import Retry
from threadly.core.database.jobs.dead import (
    Backlog,
    DeadLetter,
    RefusedMessage,
    backlog,
    discard,
    hand_on_again,
    letters,
    refused_messages,
    revive,
    revive_some,
)
from threadly.core.database.jobs.handlers import Effect, Function, Handler, Handlers, HasDatabase, Run
from threadly.core.database.jobs.prune import PruneInbox, prune_inbox
from threadly.core.database.jobs.runner import RELAXED, Runner, Stopped
from threadly.core.database.jobs.schedules import overdue_seconds
from threadly.core.database.jobs.settings import OWN_CONNECTIONS, JobsSettings

__all__ = [
    "OWN_CONNECTIONS",
    "RELAXED",
    "Backlog",
    "DeadLetter",
    "Effect",
    "Function",
    "Handler",
    "Handlers",
    "HasDatabase",
    "JobsSettings",
    "PruneInbox",
    "RefusedMessage",
    "Retry",
    "Run",
    "Runner",
    "Stopped",
    "backlog",
    "discard",
    "hand_on_again",
    "letters",
    "overdue_seconds",
    "prune_inbox",
    "refused_messages",
    "revive",
    "revive_some",
]
