"""Whether the server is about to stop."""

from threadly.core.asgi import STOPPING, stopping


def test_a_server_that_has_no_word_for_it_is_never_about_to_stop() -> None:
    for scope in ({"type": "lifespan"}, {"type": "lifespan", "state": None}, {"type": "lifespan", "state": {}}):
        assert not stopping(scope)()


def test_one_that_has_is_believed() -> None:
    assert stopping({"type": "lifespan", "state": {STOPPING: lambda: True}})()
