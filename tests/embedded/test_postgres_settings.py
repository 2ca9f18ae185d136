import pytest

from threadly.embedded.postgres_settings import MIB, as_file, settings


@pytest.mark.parametrize(
    ("case", "memory_mib", "shared_mib"),
    [("a small machine", 512, 128), ("one in between", 4096, 512), ("a large one", 262_144, 1024)],
)
def test_shared_buffers_follow_the_memory_within_bounds(case: str, memory_mib: int, shared_mib: int) -> None:
    chosen = {line.name: line.value for line in settings(durable=True, memory_bytes=memory_mib * MIB)}
    assert chosen["shared_buffers"] == f"{shared_mib}MB", case


def test_only_data_that_nobody_keeps_is_written_carelessly() -> None:
    durable = {line.name for line in settings(durable=True, memory_bytes=4096 * MIB)}
    careless = {line.name: line.value for line in settings(durable=False, memory_bytes=4096 * MIB)}
    assert not durable & {"fsync", "synchronous_commit", "full_page_writes"}
    assert {careless[name] for name in ("fsync", "synchronous_commit", "full_page_writes")} == {"off"}


def test_every_line_of_the_file_gives_its_reason() -> None:
    lines = as_file(settings(durable=False, memory_bytes=4096 * MIB)).splitlines()
    assert all(" = " in line and "  # " in line for line in lines[1:-1])
    assert lines[-1] == "include 'local.conf'"
