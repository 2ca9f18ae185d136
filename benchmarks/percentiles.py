"""What is said of many times, by all benchmarks that ask many times."""

import statistics


def percentile(times: list[float], percent: int) -> float:
    """In milliseconds, of seconds."""
    return statistics.quantiles(times, n=100)[percent - 1] * 1000
