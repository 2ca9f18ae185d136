"""A refusal carries each mistake, as text and as facts, and survives being sent to another process."""

import pickle

from threadly.core.config import ConfigurationError, Mistake


def test_a_refusal_lists_its_mistakes_and_what_may_help() -> None:
    refusal = ConfigurationError([Mistake("A is missing.", "A"), "B is odd."], ["Look at C."])

    assert str(refusal) == "The configuration cannot be used:\n  A is missing.\n  B is odd.\nLook at C."
    assert refusal.problems == ["A is missing.", "B is odd."]
    assert [mistake.variable for mistake in refusal.mistakes] == ["A", ""]


def test_a_refusal_can_be_sent_to_another_process() -> None:
    refusal = ConfigurationError([Mistake("A is missing.", "A")], ["Look at C."])
    sent = pickle.loads(pickle.dumps(refusal))

    assert (sent.mistakes, sent.notes, str(sent)) == (refusal.mistakes, refusal.notes, str(refusal))
