"""What an installation is for."""

from enum import StrEnum


class Profile(StrEnum):
    """Production refuses to start where a protection is missing; for the others that is a warning."""

    PRODUCTION = "production"
    DEVELOPMENT = "development"
    TEST = "test"
