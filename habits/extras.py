"""What somebody who installs one extra of Threadly can import, with nothing else installed."""

from typing import Final

PROMISES: Final[dict[str, tuple[str, ...]]] = {
    "": (
        "threadly.core.errors",
        "threadly.core.clock",
        "threadly.core.deadlines",
        "threadly.core.ids",
        "threadly.core.keys",
        "threadly.core.lookalikes",
        "threadly.core.text",
        "threadly.core.asgi",
    ),
    "config": ("threadly.core.config",),
    "uploads": ("threadly.core.uploads",),
    "telemetry": ("structlog", "prometheus_client", "opentelemetry.trace"),
    "observability": ("threadly.core.observability", "threadly.core.lifecycle"),
    "otlp": (
        "opentelemetry.sdk.trace",
        "opentelemetry.exporter.otlp.proto.http.trace_exporter",
        "threadly.integrations.otlp",
    ),
    "sentry": ("sentry_sdk", "threadly.integrations.sentry"),
    "database": ("threadly.core.database",),
    "auth": ("threadly.core.auth",),
    "cache": ("redis",),  # the package that uses it is yet to come
    "security": ("threadly.core.security", "threadly.core.security.limits"),
    "audit": ("threadly.core.audit",),
    "embedded": ("threadly.embedded",),
    "marketplace": ("threadly.marketplace", "threadly.migrations", "threadly.tables"),
    "sample": ("threadly.sample",),
    "site": (
        "threadly.api",
        "threadly.app",
        "threadly.cli",
        "threadly.integrations",
        "threadly.ops",
        "threadly.serving",
        "threadly.web",
    ),
    "all": ("threadly.commands",),
}
"""The packages that each extra brings; "" is the installation without any."""

FOREIGN: Final[dict[str, tuple[str, ...]]] = {
    "": ("pydantic", "sqlalchemy", "msgspec", "redis", "litestar"),
    "config": ("sqlalchemy", "msgspec", "redis", "litestar"),
    "uploads": ("pydantic", "sqlalchemy", "msgspec", "redis", "litestar"),
    "telemetry": ("pydantic", "sqlalchemy", "msgspec", "redis", "litestar"),
    "observability": ("sqlalchemy", "redis", "litestar", "sentry_sdk", "granian"),
    "otlp": ("sqlalchemy", "redis", "litestar", "sentry_sdk"),
    "sentry": ("sqlalchemy", "redis", "litestar"),
    "database": ("redis", "litestar", "jinja2", "granian", "pyvips", "argon2"),
    "auth": ("redis", "litestar", "jinja2", "granian", "pyvips"),
    "cache": ("sqlalchemy", "asyncpg", "litestar"),
    "security": ("sqlalchemy", "asyncpg", "litestar", "jinja2", "granian"),
    "audit": ("litestar", "jinja2", "granian", "pyvips", "argon2"),
    "embedded": ("sqlalchemy", "litestar", "pyvips"),
    "marketplace": ("litestar", "jinja2", "granian", "rich"),
    "sample": ("litestar", "granian"),
    "site": ("pytest",),
    "all": ("pytest", "mypy"),
}
"""What an extra must not bring along, though a careless import would."""

IMPORT_ALL: Final = """
import importlib, importlib.util, pkgutil, sys
*promised, foreign = sys.argv[1:]
for name in promised:
    package = importlib.import_module(name)
    ours = package.__path__ if name.startswith("threadly") and hasattr(package, "__path__") else ()
    for module in pkgutil.walk_packages(ours, name + "."):
        if not module.name.startswith("threadly.migrations.versions."):
            importlib.import_module(module.name)
print(" ".join(name for name in foreign.split(",") if importlib.util.find_spec(name)))
"""
"""Imports the promised packages with all that is in them; prints which foreign ones it could import as well."""
