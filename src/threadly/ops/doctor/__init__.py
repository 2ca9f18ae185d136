"""Reaches everything that an installation depends on, once, and says what it saw, what should be, and what to do.

Promises: `examination`; what is looked at: `database`, `valkey`, `media`, `machine`, `settings`.
"""

from threadly.ops.doctor.examination import LONGEST_SECONDS, Examination, examine
from threadly.ops.doctor.findings import Finding, worst

__all__ = ["LONGEST_SECONDS", "Examination", "Finding", "examine", "worst"]
