"""What health wants to be told."""

from datetime import timedelta
from typing import Annotated

from pydantic import Field, StringConstraints

from threadly.core.config import Section

Short = Annotated[str, StringConstraints(max_length=100)]


class HealthSettings(Section):
    """How a process says whether it can serve, and to whom it is of concern."""

    not_ready: timedelta = Field(default=timedelta(seconds=2), ge=timedelta(0), le=timedelta(minutes=10))
    """How long a server that gets SIGTERM says on /readyz that it is not ready, and still answers, before it accepts
    nothing more: longer than whoever asks there takes to notice. Ctrl-C does not wait for it."""

    release: Short = Field(default="", examples=["0a1b2c3d"])
    """What was deployed, as a commit; /health tells it."""

    owner: Short = "operations"
    """Who looks after this installation; /health names them beside each check."""

    runbooks: Short = "docs/runbooks/"
    """Where those who are called at night find what to do, by the component's name: https://wiki.example/threadly/."""
