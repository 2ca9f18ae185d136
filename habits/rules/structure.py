"""Rules about what a module does to those who import it, and how it reaches others."""

import ast
from collections.abc import Iterator
from typing import Final

from habits.rule import Place, Source, calls, dotted, imported, rule

_STARTERS: Final = {
    "AsyncClient",
    "Client",
    "ClientSession",
    "ConnectionPool",
    "Database",
    "Popen",
    "ProcessPoolExecutor",
    "Redis",
    "Session",
    "Thread",
    "ThreadPoolExecutor",
    "Timer",
    "Valkey",
    "connect",
    "create_async_engine",
    "create_connection",
    "create_engine",
    "create_pool",
    "create_task",
    "from_url",
    "get_event_loop",
    "getenv",
    "new_event_loop",
    "open",
    "run_in_executor",
    "socket",
    "urlopen",
}
"""What must not be called while a module is imported: clients, engines, threads, timers, files, the environment."""

_STARTERS_IN_FULL: Final = {"asyncio.run", "subprocess.run", "subprocess.check_output", "os.environ.get", "os.system"}


@rule(
    "nothing-at-import",
    guards="House rule 10; the ancestor's pool monitor started a timer when it was imported.",
    only=("src/", "habits/", "scan/", "benchmarks/"),
)
def nothing_at_import(source: Source) -> Iterator[Place]:
    for node in _at_import(source.tree.body):
        if isinstance(node, ast.Call):
            name = dotted(node.func)
            if name.rpartition(".")[2] in _STARTERS or name in _STARTERS_IN_FULL:
                yield node.lineno, f"{name}() runs when the module is imported; build it in wiring.py"
        elif isinstance(node, ast.Subscript) and dotted(node.value) == "os.environ":
            yield node.lineno, "the environment is read when the module is imported; threadly.settings does that"


def _at_import(body: list[ast.stmt]) -> Iterator[ast.AST]:
    """All that is evaluated with the module: bodies of classes and branches, decorators, defaults; not functions."""
    waiting: list[ast.AST] = [*body]
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.If) and "__main__" in ast.dump(node.test):
            continue
        yield node
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            waiting += [*node.decorator_list, *node.args.defaults, *(d for d in node.args.kw_defaults if d is not None)]
        elif isinstance(node, ast.Lambda):
            waiting += node.args.defaults
        else:
            waiting += ast.iter_child_nodes(node)


@rule(
    "own-front-door",
    guards="Import cycles, the audit's first critical issue: modules import each other, never what gathers them.",
)
def own_front_door(source: Source) -> Iterator[Place]:
    if source.path.endswith("/__init__.py"):
        return
    package = source.module.rpartition(".")[0]
    for module, name, line in imported(source):
        if module == package and name not in source.beside:
            yield line, f"imports {name} from its own front door; import the module that defines it"


@rule(
    "environment-read-once",
    guards="The audit's “environment variables scattered across packages”: what configures is read in one place.",
    but=(
        "src/threadly/cli.py",
        "src/threadly/commands/",
        "src/threadly/core/config/",
        "src/threadly/embedded/",
        "src/threadly/serving/",
        "src/threadly/settings/",
    ),
)
def environment_read_once(source: Source) -> Iterator[Place]:
    for node in source.nodes:
        if isinstance(node, ast.Attribute) and dotted(node) in {"os.environ", "os.getenv"}:
            yield node.lineno, "reads the environment; take what it says from settings"
    for module, name, line in imported(source):
        if module == "os" and name in {"environ", "getenv"}:
            yield line, "reads the environment; take what it says from settings"


_JOBS: Final = ("/jobs.py", "/sweep.py")
"""What a slice does beside requests: an edge, like a face."""


@rule(
    "edges-open-transactions",
    guards="House rule 3: services compose because the edge opens the transaction, and commits it.",
    only=("src/threadly/marketplace/",),
)
def edges_open_transactions(source: Source) -> Iterator[Place]:
    for module, name, line in imported(source):
        if module.startswith("threadly.core.database") and name in {"Database", "engine"}:
            yield line, "a slice takes `read: ReadSession` or `tx: Tx`, and opens neither"
    if source.path.endswith(_JOBS):
        return
    for name, call in calls(source):
        if name.endswith(("db.run", "db.read")):
            yield call.lineno, f"{name}(): faces, jobs and commands open transactions; take `tx: Tx`"


@rule(
    "nobody-commits",
    guards="House rule 3: commits in three places, and after the answer had gone, were what we did not want to copy.",
    but=("src/threadly/core/database/",),
)
def nobody_commits(source: Source) -> Iterator[Place]:
    for name, call in calls(source):
        if isinstance(call.func, ast.Attribute) and call.func.attr in {"commit", "rollback"}:
            yield call.lineno, f"{name}(): only core.database commits or rolls back; use db.run"
