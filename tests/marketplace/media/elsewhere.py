"""The same installation in another process."""

from threadly.settings import Settings


def variables(settings: Settings) -> dict[str, str]:
    return {
        "THREADLY_PROFILE": "test",
        "THREADLY_LIMITS__WIDENED": "1000000",
        "THREADLY_DATABASE__URL": settings.database.url.get_secret_value(),
        "THREADLY_CACHE__URL": settings.cache.url.get_secret_value(),
        "THREADLY_MEDIA__FOLDER": str(settings.media.folder),
        "THREADLY_SECURITY__SECRET": secret_of(settings),
    }


def secret_of(settings: Settings) -> str:
    secret = settings.security.secret
    assert secret is not None
    return secret.get_secret_value()
