"""Looks at a database as it is used: what it holds and is asked, and what should be otherwise."""

from threadly.core.database.looking.advice import Advice, Advised, advise
from threadly.core.database.looking.statistics import Statistics, statistics

__all__ = ["Advice", "Advised", "Statistics", "advise", "statistics"]
