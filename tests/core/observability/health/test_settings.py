"""What may be said of health."""

import pytest
from pydantic import ValidationError

from threadly.core.observability.health import HealthSettings


def test_nothing_need_be_said() -> None:
    assert HealthSettings().owner == "operations"


def test_where_the_runbooks_are_names_nobody_who_signs_in_there() -> None:
    assert HealthSettings(runbooks="https://wiki.example/threadly/").runbooks == "https://wiki.example/threadly/"
    with pytest.raises(ValidationError, match="nobody's name or password"):
        HealthSettings(runbooks="https://mila:geheim@wiki.example/")
