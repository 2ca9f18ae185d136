"""What may be said of logging."""

from threadly.core.observability.logs.settings import LogSettings


def test_nothing_need_be_said() -> None:
    assert (LogSettings().level, LogSettings().form, LogSettings().file) == ("info", "auto", None)
