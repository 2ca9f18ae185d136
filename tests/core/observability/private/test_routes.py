"""What one process tells those who run it, and what a process tells of its workers, is all at five paths."""

from threadly.core.observability import Collector, private_folder
from threadly.core.observability.errors import Merged
from threadly.core.observability.health import Health
from threadly.core.observability.metrics import Totals
from threadly.core.observability.private import Asked, of_process, of_workers, paths

PATHS = {"/metrics", "/errors", "/livez", "/readyz", "/health"}


async def test_a_process_tells_of_itself_at_five_paths() -> None:
    health = Health([], version="1.4.0")
    routes = of_process(health=lambda: health)
    assert routes.keys() == PATHS
    answers = {path: await handler(Asked(path)) for path, handler in routes.items()}
    assert {answer.status for answer in answers.values()} == {200}
    assert b'"1.4.0"' in answers["/health"].body
    assert b"# TYPE" in answers["/metrics"].body
    assert b'"groups"' in answers["/errors"].body


async def test_one_that_is_starting_is_alive_and_not_ready() -> None:
    routes = of_process()
    assert (await routes["/livez"](Asked("/livez"))).status == 200
    assert (await routes["/readyz"](Asked("/readyz"))).status == 503


async def test_workers_are_told_of_at_the_same_paths() -> None:
    with private_folder() as folder:
        collector = Collector(folder / "reports.sock")
        routes = of_workers(collector, expected=1, totals=Totals(), failures=Merged().said)
        assert routes.keys() == PATHS
        assert (await routes["/readyz"](Asked("/readyz"))).status == 503  # nobody has reported


def test_where_what_is_found_is_said_in_words() -> None:
    assert paths("http://127.0.0.1:9464") == "http://127.0.0.1:9464/metrics, health at /health, failures at /errors"
