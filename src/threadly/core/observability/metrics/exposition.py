"""Families as text, as Prometheus (0.0.4) and OpenMetrics (1.0.0) read it; and as prometheus_client's own objects."""

from collections.abc import Iterable, Iterator
from itertools import accumulate
from typing import Final

from prometheus_client import Metric

from threadly.core.observability.metrics.families import Family, Kind, Series

PLAIN: Final = "text/plain; version=0.0.4; charset=utf-8"
OPEN: Final = "application/openmetrics-text; version=1.0.0; charset=utf-8"

_ESCAPED: Final = str.maketrans({"\\": r"\\", "\n": r"\n", '"': r"\""})
_ESCAPED_HELP: Final = str.maketrans({"\\": r"\\", "\n": r"\n"})


def content_type(accept: str) -> str:
    """Which of the two whoever asks would rather have, by its `Accept`."""
    return OPEN if "application/openmetrics-text" in accept else PLAIN


def text(families: Iterable[Family], *, form: str = PLAIN) -> bytes:
    """All families in one of the two forms."""
    is_open = form == OPEN
    lines: list[str] = []
    for family in families:
        suffix = "_total" if family.kind is Kind.COUNTER else ""
        called = family.name if is_open else family.name + suffix
        lines.append(f"# HELP {called} {family.help.translate(_ESCAPED if is_open else _ESCAPED_HELP)}")
        lines.append(f"# TYPE {called} {family.kind.value}")
        if family.kind is Kind.HISTOGRAM:
            lines += _histogram(family)
        else:
            for series in family.series:
                labels = _labels(family, series)
                lines.append(f"{family.name}{suffix}{f'{{{labels}}}' if labels else ''} {number(series.value)}")
    if is_open:
        lines.append("# EOF")
    lines.append("")
    return "\n".join(lines).encode()


def number(value: float) -> str:
    """As both forms write it: a whole number without a point."""
    if value != value or value in {float("inf"), float("-inf")}:
        return {"inf": "+Inf", "-inf": "-Inf"}.get(repr(value), "NaN")
    return str(int(value)) if value == int(value) else repr(value)


def sampled(family: Family) -> Metric:
    """A family as the objects of prometheus_client."""
    metric = Metric(family.name, family.help, family.kind.value)
    for series in family.series:
        labels = dict(zip(family.labels, series.labels, strict=True))
        if family.kind is not Kind.HISTOGRAM:
            suffix = "_total" if family.kind is Kind.COUNTER else ""
            metric.add_sample(family.name + suffix, labels, series.value)
            continue
        for bound, reached in _reached(family, series):
            metric.add_sample(f"{family.name}_bucket", {**labels, "le": bound}, reached)
        metric.add_sample(f"{family.name}_count", labels, sum(series.counts))
        metric.add_sample(f"{family.name}_sum", labels, series.value)
    return metric


def _histogram(family: Family) -> Iterator[str]:
    name = family.name
    for series in family.series:
        labels = _labels(family, series)
        begun, alone = (f"{labels},", f"{{{labels}}}") if labels else ("", "")
        for bound, reached in _reached(family, series):
            yield f'{name}_bucket{{{begun}le="{bound}"}} {reached}'
        yield f"{name}_count{alone} {sum(series.counts)}"
        yield f"{name}_sum{alone} {number(series.value)}"


def _reached(family: Family, series: Series) -> Iterator[tuple[str, int]]:
    """How many observations were at most each bound."""
    return zip([*map(repr, family.bounds), "+Inf"], accumulate(series.counts), strict=True)


def _labels(family: Family, series: Series) -> str:
    return ",".join(
        f'{name}="{value.translate(_ESCAPED)}"' for name, value in zip(family.labels, series.labels, strict=True)
    )
