"""How PostgreSQL is set up: for one small shop and its database on one machine, or for tests.

Written to `postgresql.conf` at every start, reasons included. Settings of your own go to `local.conf` beside it.
"""

import os
from typing import NamedTuple

MIB = 1024 * 1024


class Setting(NamedTuple):
    """A line of postgresql.conf."""

    name: str
    value: str
    why: str


def settings(*, durable: bool, memory_bytes: int) -> list[Setting]:
    """The settings for a machine with this much memory; `durable=False` trades every safety for speed, for tests."""
    shared = _between(128, memory_bytes // 8 // MIB, 1024) if durable else 128
    return [
        Setting("listen_addresses", "''", "reachable through the private socket folder only"),
        Setting("unix_socket_permissions", "0700", "and there by its owner only"),
        Setting("password_encryption", "scram-sha-256", "the only way in, see pg_hba.conf"),
        Setting("max_connections", "100", "a few workers with their pools, the jobs, and someone looking in"),
        Setting("shared_buffers", f"{shared}MB", "an eighth of the memory: the application lives here too"),
        Setting("effective_cache_size", f"{max(256, memory_bytes // 2 // MIB)}MB", "what the system caches besides"),
        Setting("work_mem", "16MB", "sorts and hashes of our queries fit"),
        Setting("maintenance_work_mem", f"{_between(64, memory_bytes // 32 // MIB, 512)}MB", "builds indexes faster"),
        Setting("min_dynamic_shared_memory", "32MB", "room for parallel queries, set aside at the start"),
        Setting(
            "dynamic_shared_memory_type",
            "mmap",
            "more of it as files: a container's /dev/shm is small, a crash litters",
        ),
        Setting("random_page_cost", "1.1", "disks have no heads to move any more"),
        Setting("jit", "off", "our queries take milliseconds; compiling one takes longer"),
        Setting(
            "max_wal_size", "2GB" if durable else "256MB", "rows by the million without a checkpoint at every turn"
        ),
        Setting("shared_preload_libraries", "'pg_stat_statements'", "the slowest statements can be asked for"),
        Setting("timezone", "UTC", "times are stored and shown in UTC; pages translate"),
        Setting("log_timezone", "UTC", "the same in the log"),
        Setting("log_line_prefix", "'%m [%p] %u@%d '", "who said it and when"),
        Setting("log_min_duration_statement", "500ms", "a slow statement is a defect"),
        Setting("log_lock_waits", "on", "and so is one that waits for long"),
        *([] if durable else _CARELESS),
    ]


_CARELESS = [
    Setting("fsync", "off", "nobody needs this data after a power cut"),
    Setting("synchronous_commit", "off", "nor the last commit after a crash"),
    Setting("full_page_writes", "off", "nor a page torn in the middle"),
    Setting("autovacuum", "off", "plans and timings stay as the test made them"),
]


def as_file(lines: list[Setting]) -> str:
    """The text of postgresql.conf."""
    width = max(len(f"{line.name} = {line.value}") for line in lines)
    body = "\n".join(f"{f'{line.name} = {line.value}':<{width}}  # {line.why}" for line in lines)
    return (
        f"# Written by Threadly at every start. Settings of your own go to local.conf.\n{body}\ninclude 'local.conf'\n"
    )


ACCESS = """\
# Written by Threadly at every start: a password through the private socket, and no other way in.
local  all          all  scram-sha-256
local  replication  all  scram-sha-256
"""


def machine_memory_bytes() -> int:
    """Memory of this machine in bytes."""
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")


def _between(least: int, wanted: int, most: int) -> int:
    return max(least, min(wanted, most))
