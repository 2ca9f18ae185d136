"""All that an owner can set, composed of what each package wants to be told."""

from pydantic import Field

from threadly.core.auth import AuthSettings
from threadly.core.config import Profile, Section
from threadly.core.database import DatabaseSettings
from threadly.core.database.jobs import JobsSettings
from threadly.settings.limits import LimitsSettings
from threadly.settings.media import MediaSettings
from threadly.settings.observability import ObservabilitySettings
from threadly.settings.security import SecuritySettings
from threadly.settings.server import CacheSettings, ServerSettings
from threadly.settings.site import SiteSettings


class Installation(Section):
    """One installation, as far as rules look at it."""

    profile: Profile = Profile.PRODUCTION
    """What it is for. Production refuses to start where a protection is missing; development says so and starts; test
    starts."""

    database: DatabaseSettings
    cache: CacheSettings
    media: MediaSettings = Field(default_factory=dict, validate_default=True)
    security: SecuritySettings = Field(default_factory=dict, validate_default=True)
    limits: LimitsSettings = LimitsSettings()
    site: SiteSettings = SiteSettings()
    server: ServerSettings = ServerSettings()
    auth: AuthSettings = AuthSettings()
    jobs: JobsSettings = JobsSettings()
    observability: ObservabilitySettings = ObservabilitySettings()
