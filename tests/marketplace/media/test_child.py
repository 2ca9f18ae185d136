"""One process that decodes."""

from tests.photographs import a_jpeg
from tests.processes import alive
from threadly.marketplace.media.child import Child
from threadly.marketplace.media.limits import Limits


async def test_a_child_answers_until_it_is_ended() -> None:
    child = await Child.started(Limits())

    head, files = await child.ask(a_jpeg())
    assert (head.refused, len(files)) == (None, 3)
    head, files = await child.ask(b"no picture")
    assert (head.refused, files) == ("unknown", [])
    await child.end()

    assert not child.lives
    assert alive([child.pid]) == []
