"""Workers come, count, report, are killed and come back into reach in any order: no counter ever goes backwards."""

from fractions import Fraction

import msgspec
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, consumes, invariant, rule

from threadly.core.observability.metrics.families import Family, Kind, Series
from threadly.core.observability.metrics.totals import Totals

ROUTES = [f"/{number}" for number in range(6)]


class Worker:
    """A process that counts: what it has counted, and what it has reported of that."""

    def __init__(self, identity: str) -> None:
        self.identity = identity
        self.counted = dict.fromkeys(ROUTES, 0.0)
        self.reported = dict.fromkeys(ROUTES, 0.0)

    def report(self) -> bytes:
        self.reported = self.counted.copy()
        lasted = sum(self.counted.values())
        return msgspec.msgpack.encode(
            [
                Family("c", Kind.COUNTER, ".", ("route",), [Series((r,), v) for r, v in self.counted.items() if v]),
                Family("h", Kind.HISTOGRAM, ".", (), [Series((), lasted, [int(lasted), 1])], bounds=(1.0,)),
            ]
        )


class Collected(RuleBasedStateMachine):
    """The totals, beside a model that adds up in fractions."""

    living = Bundle("living")
    lost = Bundle("lost")

    def __init__(self) -> None:
        super().__init__()
        self.totals = Totals(most_series=4)
        self.started = 0
        self.dead = Fraction(0)
        self.speaking: dict[str, Worker] = {}
        self.buried: set[str] = set()
        self.before: dict[tuple[str, ...], tuple[float, ...]] = {}

    @rule(target=living)
    def starts(self) -> Worker:
        self.started += 1
        return Worker(f"worker {self.started}")

    @rule(
        worker=living,
        route=st.sampled_from(ROUTES),
        by=st.one_of(st.integers(1, 1000).map(float), st.floats(1e-6, 1e3)),
    )
    def counts(self, worker: Worker, route: str, by: float) -> None:
        worker.counted[route] += by

    @rule(worker=living)
    def reports(self, worker: Worker) -> None:
        self.totals.heard(worker.identity, worker.report())
        self.speaking[worker.identity] = worker

    @rule(worker=consumes(living))
    def is_killed(self, worker: Worker) -> None:
        self._ends(worker)

    @rule(target=lost, worker=consumes(living))
    def gets_out_of_reach(self, worker: Worker) -> Worker:
        self._ends(worker)
        return worker

    @rule(target=living, worker=consumes(lost))
    def comes_back(self, worker: Worker) -> Worker:
        if worker.identity in self.buried:  # what it counted while out of reach is lost, and nothing counts twice
            self.buried.discard(worker.identity)
            self.dead -= _sum(worker.counted)
        self.reports(worker)
        return worker

    def _ends(self, worker: Worker) -> None:
        self.totals.gone(worker.identity)
        if self.speaking.pop(worker.identity, None) is not None:
            self.buried.add(worker.identity)
            self.dead += _sum(worker.reported)

    @invariant()
    def nothing_goes_backwards_and_nothing_is_lost_but_what_was_not_reported(self) -> None:
        seen: dict[tuple[str, ...], tuple[float, ...]] = {}
        for family in self.totals.families():
            for series in family.series:
                seen[family.name, *series.labels] = (series.value, *series.counts)
        for key, values in self.before.items():
            assert all(now >= before for now, before in zip(seen[key], values, strict=True)), key
        self.before = seen
        assert sum(1 for name, *_ in seen if name == "c") <= 5
        total = sum((Fraction(values[0]) for (name, *_), values in seen.items() if name == "c"), Fraction(0))
        expected = self.dead + sum((_sum(worker.reported) for worker in self.speaking.values()), Fraction(0))
        assert abs(total - expected) < Fraction(1, 10**6)


def _sum(values: dict[str, float]) -> Fraction:
    return sum(map(Fraction, values.values()), Fraction(0))


TestCollected = Collected.TestCase
TestCollected.settings = settings(max_examples=60, stateful_step_count=40)
