"""Hazards of a migration: what it would do to people who use the database meanwhile, and the safe way instead.

    for hazard in hazards("CREATE INDEX i ON listings (title)"):
        print(hazard)

Promises: of reading SQL `statements`; what is known `rules`; how a script is judged `judging`. Guaranteed: neither a
table that the script has made itself, nor what stands in strings, comments or bodies of functions, is a hazard. Not
guaranteed: what a function or a DO block does, and how large a table is.
"""

from threadly.core.database.hazards.judging import Hazard, Judge, altered, hazards, is_concurrent
from threadly.core.database.hazards.rules import ACTIONS, STATEMENTS, Lock, Rule
from threadly.core.database.hazards.statements import Statement, name_of, statements

__all__ = [
    "ACTIONS",
    "STATEMENTS",
    "Hazard",
    "Judge",
    "Lock",
    "Rule",
    "Statement",
    "altered",
    "hazards",
    "is_concurrent",
    "name_of",
    "statements",
]
