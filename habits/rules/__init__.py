"""All rules."""

from habits.rule import RULES
from habits.rules import data, names, repository, security, structure, templates, testing, time_and_money

__all__ = ["RULES", "data", "names", "repository", "security", "structure", "templates", "testing", "time_and_money"]
