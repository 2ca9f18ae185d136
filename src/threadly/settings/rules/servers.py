"""Servers are reached in private, and hold what they are asked to."""

import os
from ipaddress import IPv4Network, IPv6Network
from typing import Final
from urllib.parse import unquote, urlsplit

from threadly.core.config import (
    Broken,
    Profile,
    Rule,
    Secret,
    Weight,
    asked_of,
    hosts_of,
    is_everywhere,
    is_near,
    password_of,
    places_of,
)
from threadly.core.database.jobs import OWN_CONNECTIONS
from threadly.core.observability import host_and_port
from threadly.settings.installation import Installation

_ENCRYPTED: Final = {"require", "verify-ca", "verify-full"}
_LISTENS: Final = 1
_POSTGRESQL: Final = "5432"
WATCHING_CONNECTIONS: Final = 2
"""That each process has beside its pool, to see how the database does."""
_OF_A_WORKER: Final = OWN_CONNECTIONS + _LISTENS + WATCHING_CONNECTIONS
"""That one which does jobs has beside its pool."""
_AT_REST_MIB: Final = 120  # docs/goals.md
_CONNECTIONS: Final = (
    "THREADLY_DATABASE__CONNECTIONS",
    "THREADLY_DATABASE__POOL_SIZE",
    "THREADLY_DATABASE__REPLICAS",
    "THREADLY_DATABASE__SLOW_AFTER",
    "THREADLY_SERVER__WORKERS",
    "THREADLY_SERVER__MACHINES",
    "THREADLY_JOBS__PROCESSES",
)
_WIDEST: Final = {4: 8, 6: 16}


def workers_of(installation: Installation) -> int:
    """Processes that answer, on one machine."""
    return installation.server.workers or os.cpu_count() or 1


def connections_of(installation: Installation) -> int:
    """Connections that all processes together may hold."""
    pool = installation.database.pool_size
    explaining = bool(installation.database.slow_after)  # for each pool but that of health
    watching = WATCHING_CONNECTIONS + bool(installation.database.replicas)
    web = installation.server.machines * workers_of(installation) * (pool + watching + explaining)
    return web + installation.jobs.processes * (pool + _OF_A_WORKER + 2 * explaining)


def _far(address: Secret) -> bool:
    return not all(is_near(host) for host in hosts_of(address))


def _fit_connections(installation: Installation) -> Broken | None:
    kept, asked = installation.database.connections, connections_of(installation)
    if kept is None or asked <= kept:
        return None
    return Broken(
        f"together they may hold {asked} connections, and {kept} are kept for them",
        _CONNECTIONS,
        f"THREADLY_DATABASE__CONNECTIONS={asked} if the server has them, or lower THREADLY_DATABASE__POOL_SIZE or "
        f"THREADLY_SERVER__WORKERS.",
    )


def _fit_memory(installation: Installation) -> str | None:
    has = installation.server.memory_mib
    decoding = installation.media.decoders * installation.media.decode_memory_mib
    hashing = installation.auth.hash_memory_kib * (os.cpu_count() or 1) / 1024
    takes = round(workers_of(installation) * (_AT_REST_MIB + decoding + hashing))
    return f"together they may take {takes} MiB, and {has} are there" if has is not None and takes > has else None


def _database_by_tls(installation: Installation) -> str | None:
    for url in (installation.database.url, *installation.database.replicas):
        is_encrypted = not _ENCRYPTED.isdisjoint((asked_of(url).get("sslmode"), asked_of(url).get("ssl")))
        if _far(url) and not is_encrypted:
            return "is far away, and may be spoken to in the clear"
    return None


def _owner_is_at_home(installation: Installation) -> str | None:
    owner = installation.database.owner_url
    named = {_database_of(url) for url in (installation.database.url, owner) if url is not None} - {""}
    return "they name different databases" if len(named) > 1 else None


def _database_of(url: Secret) -> str:
    """Its name; empty where the address leaves it to the driver."""
    return asked_of(url).get("dbname") or unquote(urlsplit(url.get_secret_value()).path.lstrip("/"))


def _replicas_are_others(installation: Installation) -> str | None:
    primaries, *replicas = (
        places_of(url, port=_POSTGRESQL) for url in (installation.database.url, *installation.database.replicas)
    )
    if primaries in replicas:  # with several hosts, any may be the primary one day, and a replica before and after
        return "the primary is named as a replica of itself"
    if any(len(places) > 1 for places in replicas) or len({*map(tuple, replicas)}) < len(replicas):
        return "a replica is named twice, or two in one address"
    return None


def _cache_by_tls(installation: Installation) -> str | None:
    url = installation.cache.url
    is_in_the_clear = url.get_secret_value().startswith("redis://")
    return "is far away, and spoken to in the clear" if is_in_the_clear and _far(url) else None


def _cache_by_password(installation: Installation) -> str | None:
    url = installation.cache.url
    return "is far away, and lets everybody in" if _far(url) and not password_of(url) else None


def _bucket_by_tls(installation: Installation) -> str | None:
    return "is spoken to in the clear" if (installation.media.endpoint or "").startswith("http://") else None


def _proxies_are_named(installation: Installation) -> str | None:
    is_behind = installation.site.url.startswith("https://") or installation.profile is Profile.PRODUCTION
    is_unnamed = is_behind and not installation.server.trusted_proxies
    return "whoever ends TLS is not named, so nobody is believed to come by https" if is_unnamed else None


def _proxies_are_few(installation: Installation) -> str | None:
    for proxy in installation.server.trusted_proxies:
        if isinstance(proxy, IPv4Network | IPv6Network) and proxy.prefixlen < _WIDEST[proxy.version]:
            return "trusts half the world to say who asks"
    return None


def _ops_are_private(installation: Installation) -> str | None:
    ops = installation.observability.ops
    places = (host_and_port(place) for place in (ops.listen, ops.work_listen))
    is_open = any(place is not None and (is_everywhere(place[0]) or not is_near(place[0])) for place in places)
    return "listens where anybody may ask" if is_open else None


SERVERS: Final[tuple[Rule[Installation], ...]] = (
    Rule(
        "processes-fit-connections",
        Weight.BROKEN,
        _CONNECTIONS,
        f"Machines × workers × (pool + {WATCHING_CONNECTIONS}, one more with replicas, and one for plans of what is "
        f"slow), and for each `threadly work` its pool, {_OF_A_WORKER} more and two for plans, are no more than the "
        "database keeps for us.",
        _fit_connections,
    ),
    Rule(
        "processes-fit-memory",
        Weight.UNWISE,
        (
            "THREADLY_SERVER__MEMORY_MIB",
            "THREADLY_SERVER__WORKERS",
            "THREADLY_MEDIA__DECODERS",
            "THREADLY_MEDIA__DECODE_MEMORY_MIB",
            "THREADLY_AUTH__HASH_MEMORY_KIB",
        ),
        "Each worker, with its decoders and its hashes of passwords, has the memory that these may take.",
        _fit_memory,
        mends="Lower THREADLY_SERVER__WORKERS, THREADLY_MEDIA__DECODERS or THREADLY_MEDIA__DECODE_MEMORY_MIB.",
    ),
    Rule(
        "database-by-tls",
        Weight.UNWISE,
        ("THREADLY_DATABASE__URL", "THREADLY_DATABASE__REPLICAS"),
        "A database beyond one's own network is reached by TLS: sslmode=verify-full.",
        _database_by_tls,
        mends="Add ?sslmode=verify-full to THREADLY_DATABASE__URL.",
    ),
    Rule(
        "owner-is-at-home",
        Weight.UNWISE,
        ("THREADLY_DATABASE__OWNER_URL", "THREADLY_DATABASE__URL"),
        "The role that migrates and the one that serves are at the same database.",
        _owner_is_at_home,
        mends="Let THREADLY_DATABASE__OWNER_URL name the database that THREADLY_DATABASE__URL names.",
    ),
    Rule(
        "replicas-are-others",
        Weight.UNWISE,
        ("THREADLY_DATABASE__URL", "THREADLY_DATABASE__REPLICAS"),
        "A replica is another server than the primary, and each is named once.",
        _replicas_are_others,
        mends="Name each other server once in THREADLY_DATABASE__REPLICAS, and the primary not at all.",
    ),
    Rule(
        "cache-by-tls",
        Weight.UNWISE,
        ("THREADLY_CACHE__URL",),
        "A Valkey beyond one's own network is reached by TLS: rediss://.",
        _cache_by_tls,
        mends="Let THREADLY_CACHE__URL begin with rediss://.",
    ),
    Rule(
        "cache-by-password",
        Weight.UNSAFE,
        ("THREADLY_CACHE__URL",),
        "A Valkey beyond one's own network asks for a password.",
        _cache_by_password,
        mends="Set requirepass there, and THREADLY_CACHE__URL=rediss://:password@host:6379/0.",
    ),
    Rule(
        "bucket-by-tls",
        Weight.UNSAFE,
        ("THREADLY_MEDIA__ENDPOINT",),
        "The bucket is reached by https.",
        _bucket_by_tls,
        mends="Let THREADLY_MEDIA__ENDPOINT begin with https://.",
    ),
    Rule(
        "proxies-are-named",
        Weight.UNSAFE,
        ("THREADLY_SERVER__TRUSTED_PROXIES", "THREADLY_SITE__URL", "THREADLY_PROFILE"),
        "Where something in front of us ends TLS, it is named: only so is it known who came by https, and who that is.",
        _proxies_are_named,
        mends="THREADLY_SERVER__TRUSTED_PROXIES=127.0.0.1 if it is on this machine, or else its own address.",
    ),
    Rule(
        "metrics-are-private",
        Weight.UNWISE,
        ("THREADLY_OBSERVABILITY__OPS__LISTEN", "THREADLY_OBSERVABILITY__OPS__WORK_LISTEN"),
        "Metrics and health are told at an address that strangers do not reach.",
        _ops_are_private,
        mends=(
            "THREADLY_OBSERVABILITY__OPS__LISTEN=127.0.0.1:9464, …__WORK_LISTEN=127.0.0.1:9465, "
            "or an address that only you reach."
        ),
    ),
    Rule(
        "proxies-are-few",
        Weight.UNSAFE,
        ("THREADLY_SERVER__TRUSTED_PROXIES",),
        "Only proxies are trusted, and not whole countries: whoever is trusted can pass for any visitor.",
        _proxies_are_few,
        mends="Name each by its address or its own network: THREADLY_SERVER__TRUSTED_PROXIES=127.0.0.1,10.0.0.0/8.",
    ),
)
