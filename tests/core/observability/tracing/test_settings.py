"""What tracing may be told."""

import pytest
from pydantic import ValidationError

from threadly.core.observability.tracing import TracingSettings, headers_of


def test_without_a_word_nobody_is_told() -> None:
    assert TracingSettings().endpoint is None


@pytest.mark.parametrize("wrong", [{"ratio": 1.1}, {"ratio": -0.1}, {"endpoint": "collector:4318"}, {"timeout": 0}])
def test_what_makes_no_sense_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        TracingSettings.model_validate(wrong)


def test_headers_are_pairs() -> None:
    settings = TracingSettings.model_validate({"headers": "api-key=hunter2==, tenant=shop"})
    assert headers_of(settings) == {"api-key": "hunter2==", "tenant": "shop"}
    assert headers_of(TracingSettings()) == {}


@pytest.mark.parametrize("wrong", ["hunter2", "=hunter2", "api key=hunter2"])
def test_what_is_no_header_is_refused_without_being_repeated(wrong: str) -> None:
    with pytest.raises(ValidationError) as refusal:
        TracingSettings.model_validate({"headers": wrong})
    assert "hunter2" not in str(refusal.value)


def test_the_key_of_a_receiver_is_not_shown() -> None:
    assert "hunter2" not in repr(TracingSettings.model_validate({"headers": "api-key=hunter2"}))
