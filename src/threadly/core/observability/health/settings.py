"""What health wants to be told."""

from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, StringConstraints

from threadly.core.config import Section

Short = Annotated[str, StringConstraints(max_length=100)]


def _for_everybody(place: str) -> str:
    if "@" in urlsplit(place).netloc:
        raise ValueError("is told to whoever asks how we do, so nobody's name or password may be in it")
    return place


class HealthSettings(Section):
    """How a process says whether it can serve, and to whom it is of concern."""

    release: Short = Field(default="", examples=["0a1b2c3d"])
    """What was deployed, as a commit; /health tells it."""

    owner: Short = "operations"
    """Who looks after this installation; /health names them beside each check."""

    runbooks: Annotated[Short, AfterValidator(_for_everybody)] = "docs/runbooks/"
    """Where those who are called at night find what to do, by the component's name: https://wiki.example/threadly/."""
