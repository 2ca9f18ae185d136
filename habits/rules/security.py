"""Rules about secrets and what must not be trusted."""

import ast
import re
from collections.abc import Iterator
from typing import Final

from habits.rule import Place, Source, calls, dotted, imported, rule

_SECRET: Final = re.compile(r"(^|_)(signature|token|digest|hmac|mac|csrf|password|secret)$")
_KEYS: Final = re.compile(
    r"[sr]k_(?:live|test)_[0-9A-Za-z]{16,}"  # payment provider
    r"|whsec_[0-9A-Za-z+/]{16,}"  # webhooks
    r"|AKI[A][0-9A-Z]{16}"  # cloud storage
    r"|gh[pousr]_[0-9A-Za-z]{30,}"
    r"|xox[abprs]-[0-9A-Za-z-]{10,}"
    r"|AIz[a][0-9A-Za-z_-]{30,}"
    r"|-----BEGIN [A-Z ]*PRIVATE KE[Y]-----"
)


@rule("compare-in-constant-time", guards="The ancestor's “timing-safe” comparison of CSRF tokens was `===`.")
def compare_in_constant_time(source: Source) -> Iterator[Place]:
    for node in source.nodes:
        if isinstance(node, ast.Compare) and isinstance(node.ops[0], ast.Eq | ast.NotEq):
            sides = [node.left, *node.comparators]
            if any(isinstance(side, ast.Constant) for side in sides):
                continue
            for side in sides:
                name = dotted(side).rpartition(".")[2]
                if _SECRET.search(name):
                    yield node.lineno, f"{name} is compared with ==; use hmac.compare_digest"
                    break


@rule(
    "signed-by-the-ring",
    guards="Decision 0039: what hangs on a key that nobody can change, or take away, is safe until it leaks.",
    but=("src/threadly/core/keys.py",),
)
def signed_by_the_ring(source: Source) -> Iterator[Place]:
    for name, call in calls(source):
        is_keyed = any(keyword.arg == "key" for keyword in call.keywords)
        if name in {"hmac.new", "hmac.digest", "hmac.HMAC"} or (name.endswith(("blake2b", "blake2s")) and is_keyed):
            yield call.lineno, f"{name}(): sign with a Seal of core.keys, or hide with a secret of the ring"
    for module, name, line in imported(source):
        if module == "hmac" and name in {"new", "digest", "HMAC"}:
            yield line, "sign with a Seal of core.keys"


_CLIENTS: Final = frozenset(
    {"aiohttp", "ftplib", "h11", "http.client", "httpcore", "httpx", "niquests", "pycurl", "requests", "smtplib"}
    | {"socket", "telnetlib", "urllib.request", "urllib3", "websockets", "xmlrpc.client"}
)
_CONNECTING: Final = ("open_connection", "create_connection", "getaddrinfo", "urlopen", "urlretrieve")


@rule(
    "outgoing-is-guarded",
    guards="Decision 0040: the ancestor fetched whatever address it was given, inside its own network too.",
    only=("src/threadly/marketplace/", "src/threadly/api/", "src/threadly/web/", "src/threadly/core/auth/"),
)
def outgoing_is_guarded(source: Source) -> Iterator[Place]:
    for module, name, line in imported(source):
        whole = f"{module}.{name}" if name else module
        if {module, whole, module.partition(".")[0]} & _CLIENTS or name in _CONNECTING:
            yield line, f"{whole}: ask other servers by core.security.outgoing"
    for name, call in calls(source):
        if name.rpartition(".")[2] in _CONNECTING:
            yield call.lineno, f"{name}(): ask other servers by core.security.outgoing"


_ELSEWHERE: Final = frozenset({"location", "hx-redirect", "hx-location"})


@rule(
    "ways-on-stay-here",
    guards="The ancestor reflected `returnTo`: a link to its own sign-in page ended at somebody else's.",
    but=(
        "src/threadly/commands/",
        "src/threadly/web/redirects.py",
        "src/threadly/web/prefixes.py",
        "src/threadly/core/security/hosts.py",
        "src/threadly/core/security/outgoing/client.py",
    ),
)
def ways_on_stay_here(source: Source) -> Iterator[Place]:
    for node in source.nodes:
        if isinstance(node, ast.Constant) and isinstance(node.value, str | bytes):
            text = node.value if isinstance(node.value, str) else node.value.decode("latin-1")
            if text.lower() in _ELSEWHERE:
                yield node.lineno, f"{text}: send people on by web.redirects, which stays at this site"
    for module, name, line in imported(source):
        if module.startswith(("litestar", "starlette")) and "redirect" in name.lower():
            yield line, f"{name}: send people on by web.redirects, which stays at this site"


@rule("no-pickle", guards="Who can write to a cache must not be able to run code: values are msgspec, never pickle.")
def no_pickle(source: Source) -> Iterator[Place]:
    for module, _, line in imported(source):
        if module.partition(".")[0] in {"pickle", "marshal", "shelve", "dill", "cloudpickle"}:
            yield line, f"imports {module}: encode with msgspec"


@rule(
    "no-secrets",
    guards="Credentials lay in the ancestor's scripts and history.",
    only=(
        "src/",
        "tests/",
        "docs/",
        "habits/",
        "scan/",
        "benchmarks/",
        "deploy/",
        "examples/",
        "assets/",
        ".ci/",
        "dev",
        "README.md",
    ),
    suffixes=(
        ".py",
        ".md",
        ".toml",
        ".txt",
        ".json",
        ".html",
        ".mjs",
        ".js",
        ".yaml",
        ".yml",
        "run",
        "dev",
        ".env",
        ".example",
    ),
)
def no_secrets(source: Source) -> Iterator[Place]:
    for number, line in enumerate(source.lines, start=1):
        if _KEYS.search(line):
            yield number, "this looks like a key of a service; make one up that does not"
