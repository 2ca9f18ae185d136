"""What is counted of reads that replicas could answer, and of the replicas themselves."""

from typing import Final

from prometheus_client import Counter, Gauge

READS: Final = Counter(
    "threadly_db_reads_total",
    "Reads of requests, by where they went: `replica`; or to the primary, since the caller has just written "
    "(`written`), or does not show what they have written (`unknown`), or no replica has come so far (`behind`), or it "
    "took no connection (`refused`).",
    ["went"],
)
REPLICA: Final = READS.labels("replica")
WRITTEN: Final = READS.labels("written")
UNKNOWN: Final = READS.labels("unknown")
BEHIND: Final = READS.labels("behind")
REFUSED: Final = READS.labels("refused")
REPEATED: Final = Counter(
    "threadly_db_replica_repeated_total", "Looks that failed at a replica, and were made again at the primary."
)
GONE: Final = Counter("threadly_db_replica_gone_total", "Times that a replica ceased to be read from.")
_MOST: Final = "livemax"
USABLE: Final = Gauge(
    "threadly_db_replica_usable",
    "Whether a replica is read from, as the last worker sees it.",
    ["replica"],
    multiprocess_mode="livemin",
)
LAG_BYTES: Final = Gauge(
    "threadly_db_replica_lag_bytes",
    "Bytes of the log that a replica has not replayed yet.",
    ["replica"],
    multiprocess_mode=_MOST,
)
LAG_SECONDS: Final = Gauge(
    "threadly_db_replica_lag_seconds", "Seconds by which a replica is behind.", ["replica"], multiprocess_mode=_MOST
)
