"""A secret is shown by nothing: not by its own representation, nor by that of what holds it, nor by a dump."""

import copy
import pickle

import pytest
from pydantic import ValidationError

from threadly.core.config import Secret, Section


class Door(Section):
    """A door."""

    key: Secret
    spare: Secret | None = None


DOOR = Door(key=Secret("SEKRET"))


def test_only_asking_gives_the_text() -> None:
    assert DOOR.key.get_secret_value() == "SEKRET"
    for shown in (
        repr(DOOR),
        str(DOOR),
        str(DOOR.key),
        repr(DOOR.model_dump()),
        DOOR.model_dump_json(),
        str(vars(DOOR)),
    ):
        assert "SEKRET" not in shown
        assert "****" in shown


def test_vars_finds_nothing_and_pickle_refuses() -> None:
    with pytest.raises(TypeError, match="__dict__"):
        vars(DOOR.key)
    for secretive in (DOOR, DOOR.key):
        for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
            with pytest.raises(TypeError, match="not pickled"):
                pickle.dumps(secretive, protocol)


def test_a_copy_is_the_same_secret() -> None:
    assert copy.copy(DOOR.key) is DOOR.key
    assert copy.deepcopy(DOOR).key is DOOR.key
    assert DOOR.model_copy(update={"spare": Secret("b")}).key is DOOR.key


def test_secrets_are_compared_by_their_text() -> None:
    assert Secret("a") == Secret("a") != Secret("b")
    assert Secret("a") != "a"
    assert len({Secret("a"), Secret("a"), Secret("b")}) == 2
    assert len(Secret("abc")) == 3


def test_what_is_no_text_is_refused_without_showing_it() -> None:
    with pytest.raises(ValidationError) as refusal:
        Door.model_validate({"key": 98765})
    assert "98765" not in str(refusal.value)
