"""When a job that failed is tried again, and when no more."""

import random
from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True)
class Retry:
    """Doubles the wait after each attempt, up to `most`, and takes a random part off, so that failures do not march
    in step: with the usual values the fourteenth and last attempt comes one to two hours after the first."""

    attempts: int = 14
    first: timedelta = timedelta(seconds=2)
    most: timedelta = timedelta(minutes=30)

    def wait(self, attempt: int) -> timedelta | None:
        """How long to wait after this attempt (counted from 1) has failed; None: it was the last."""
        if attempt >= self.attempts:
            return None
        longest = min(self.most, self.first * (1 << min(attempt - 1, 30)))
        return longest * random.uniform(0.5, 1)  # noqa: S311 - spreads rivals, hides nothing
