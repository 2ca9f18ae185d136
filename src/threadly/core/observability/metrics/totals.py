"""The metrics of all workers of a server together, those that have ended included.

Counters and histograms are summed over the living and the dead; gauges over the living alone, each as it declares.

Guaranteed: while this process lives, no counter and no bucket ever goes backwards, whatever becomes of workers: sums
are exact (whole numbers of billionths), so that the order of adding changes nothing, and Prometheus, which takes the
smallest step back for a restart, sees none. Bounded memory: beyond so many series of a family, the next are `overflow`;
beyond so many families, or of one that contradicts itself, the next are left out; both are counted. Not guaranteed:
what a worker counted in its last second, if it was killed.
"""

from collections import OrderedDict
from collections.abc import Callable, Iterator
from math import isfinite
from operator import add
from typing import Final

import msgspec
from prometheus_client import Counter

from threadly.core.observability.metrics.families import OVERFLOW, Combine, Family, Kind, Series
from threadly.core.observability.metrics.guard import LONGEST_LABEL, OVERFLOWED

MOST_FAMILIES: Final = 500
MOST_SERIES: Final = 2000
"""Of one family, over all workers that ever were."""

LEFT_OUT: Final = Counter(
    "threadly_metrics_left_out_total", "Families that a worker sent and that were too many, or not as others have them."
)

_UNIT: Final = 10**9
_REMEMBERED_DEAD: Final = 10_000
_DECODER: Final = msgspec.msgpack.Decoder(list[Family])
_CHOICES: Final[dict[Combine, Callable[[float, float], float]]] = {
    Combine.SUM: add,
    Combine.MAX: max,
    Combine.MIN: min,
    Combine.LAST: lambda _, latest: latest,
}

_Labels = tuple[str, ...]
_Exact = list[int]
"""Billionths of the value; then, for a histogram, the count of each bucket."""


class Totals:
    """A subscriber of the collector's, to the topic of metrics."""

    def __init__(self, *, most_series: int = MOST_SERIES) -> None:
        self._most = most_series
        self._families: dict[str, _Totalled] = {}
        self._living: OrderedDict[str, dict[str, _Said]] = OrderedDict()  # whoever spoke last stands last
        self._dead: OrderedDict[str, None] = OrderedDict()

    def heard(self, worker: str, body: bytes) -> None:
        """A worker's metrics, which replace those that it told before.

        Raises:
            msgspec.DecodeError: They make no sense.
        """
        said = {}
        for family in _DECODER.decode(body):
            totalled = self._known(family)
            if totalled is None:
                LEFT_OUT.inc()
            else:
                said[family.name] = totalled.placed(family)
        if worker in self._dead:  # it was only out of reach: what it had counted then is in our totals already
            del self._dead[worker]
            self._bury(said, sign=-1)
        self._living[worker] = said
        self._living.move_to_end(worker)

    def gone(self, worker: str) -> None:
        """Keeps what a worker has counted, and forgets the rest of it."""
        said = self._living.pop(worker, None)
        if said is None:
            return
        self._bury(said, sign=1)
        self._dead[worker] = None
        if len(self._dead) > _REMEMBERED_DEAD:
            self._dead.popitem(last=False)

    def families(self) -> Iterator[Family]:
        """All that was ever heard of, summed."""
        for name, totalled in self._families.items():
            yield totalled.together([said[name] for said in self._living.values() if name in said])

    def _known(self, family: Family) -> "_Totalled | None":
        known = self._families.get(family.name)
        if known is None and len(self._families) < MOST_FAMILIES:
            known = self._families[family.name] = _Totalled(family, self._most)
        return known if known is not None and known.agrees(family) else None

    def _bury(self, said: "dict[str, _Said]", *, sign: int) -> None:
        for name, values in said.items():
            self._families[name].bury(values, sign)


class _Said:
    """What one worker said of one family."""

    __slots__ = ("exact", "gauges")

    def __init__(self) -> None:
        self.exact: dict[_Labels, _Exact] = {}
        self.gauges: dict[_Labels, float] = {}


class _Totalled:
    """One family."""

    def __init__(self, family: Family, most: int) -> None:
        self._form = msgspec.structs.replace(family, series=[])
        self._most = most
        self._places: set[_Labels] = set()
        self._dead: dict[_Labels, _Exact] = {}

    def agrees(self, family: Family) -> bool:
        """Whether it is of the same form, in each of its series too."""
        form = self._form
        if (form.kind, form.bounds) != (family.kind, family.bounds):
            return False
        if form.labels != family.labels:
            if self._places or not family.series:
                return not family.series
            self._form = msgspec.structs.replace(form, labels=family.labels)
        labels = len(family.labels)
        counts = len(form.bounds) + 1 if form.kind is Kind.HISTOGRAM else 0
        return all(len(series.labels) == labels and len(series.counts) == counts for series in family.series)

    def placed(self, family: Family) -> _Said:
        """The values by the labels that they count under."""
        said = _Said()
        for series in family.series:
            if not isfinite(series.value) and family.kind is not Kind.GAUGE:
                continue
            labels = self._place(series.labels)
            if family.kind is Kind.GAUGE:
                choose = _CHOICES[family.combine]
                known = said.gauges.get(labels)
                said.gauges[labels] = series.value if known is None else choose(known, series.value)
            else:
                _added(said.exact, labels, [_billionths(series.value), *series.counts])
        return said

    def bury(self, said: _Said, sign: int) -> None:
        for labels, values in said.exact.items():
            _added(self._dead, labels, values if sign > 0 else [-value for value in values])

    def together(self, living: list[_Said]) -> Family:
        """Of the dead, and of these."""
        form = self._form
        if form.kind is Kind.GAUGE:
            gauges: dict[_Labels, float] = {}
            choose = _CHOICES[form.combine]
            for said in living:
                for labels, value in said.gauges.items():
                    gauges[labels] = choose(gauges[labels], value) if labels in gauges else value
            series = [Series(labels, value) for labels, value in gauges.items()]
        else:
            exact = self._dead.copy()
            for said in living:
                for labels, values in said.exact.items():
                    _added(exact, labels, values)
            series = [Series(labels, values[0] / _UNIT, values[1:]) for labels, values in exact.items()]
        return msgspec.structs.replace(form, series=series)

    def _place(self, labels: _Labels) -> _Labels:
        """Where these labels are counted: the same place for as long as we live."""
        if labels in self._places:
            return labels
        kept = tuple(value[:LONGEST_LABEL] for value in labels)
        if kept not in self._places and len(self._places) >= self._most:
            OVERFLOWED.labels(self._form.name).inc()
            kept = (OVERFLOW,) * len(labels)
        self._places.add(kept)
        return kept


def _added(to: dict[_Labels, _Exact], labels: _Labels, values: _Exact) -> None:
    """Never in place: the lists are shared with those that were there before."""
    known = to.get(labels)
    to[labels] = values if known is None else list(map(add, known, values))


def _billionths(value: float) -> int:
    return int(value) * _UNIT if value.is_integer() else round(value * _UNIT)
