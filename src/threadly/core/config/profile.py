"""What an installation is for."""

from enum import StrEnum


class Profile(StrEnum):
    """Production refuses to start where a protection is missing; the others say so, and start."""

    PRODUCTION = "production"
    DEVELOPMENT = "development"
    TEST = "test"
