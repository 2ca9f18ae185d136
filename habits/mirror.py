"""Tests mirror the source: `src/threadly/core/ids.py` is tested by `tests/core/test_ids.py`.

A test file may also be about a part of a module (`test_ids_order.py`), about a whole package (`tests/core/test_asgi.py`
or `tests/core/asgi/test_asgi.py`), or about what tests stand on (`tests/engines.py`).
"""

from collections.abc import Iterator, Mapping, Set
from fnmatch import fnmatchcase
from typing import Final

from habits.rule import Finding

RULE: Final = "tests-mirror-source"
GUARDS: Final = "First guess works: the test of a module is found without searching, and a module without one is seen."

FREE: Final = (
    "tests/browser/",
    "tests/examples/",
    "tests/faults/",
    "tests/habits/",
    "tests/journeys/",
    "tests/migrations/",
    "tests/observability/",
    "tests/pentest/",
)
"""Tests of the whole, which belong to no module."""

NO_TEST_OF_ITS_OWN: Final[Mapping[str, str]] = {
    "__main__.py": "calls cli.main; every test that starts `python -m threadly` runs it",
    "core/auth/errors.py": "declarations; tests/api/test_endpoints.py and tests/web/test_redirects.py are refused",
    "core/auth/settings.py": "declarations; tests/core/auth/test_sessions.py and test_passwords.py",
    "core/database/errors.py": "tests/core/database/test_engine.py and test_prepared.py cut connections",
    "core/database/model.py": "every table; tests/marketplace/test_constraints.py and tests/migrations",
    "core/database/sessions.py": "types only",
    "core/database/migrating/environment/env.py": "run by Alembic; tests/migrations/test_migrations.py",
    "core/database/migrating/errors.py": "declarations; every other test of the package is refused",
    "core/database/migrating/moving.py": "tests/migrations/test_migrations.py moves a real database there and back",
    "core/database/migrating/revisions.py": "tests/migrations/test_migrations.py moves a real database there and back",
    "core/database/settings.py": "declarations; tests/settings/test_reading.py",
    "core/config/profile.py": "declarations; tests/settings/test_reading.py",
    "core/config/section.py": "declarations; tests/core/config/test_reading.py",
    "core/audit/models.py": "tests/core/audit/test_audit.py breaks each constraint",
    "core/audit/events/models.py": "tests/core/audit/events/test_store.py breaks each constraint",
    "core/security/events/rows.py": "types only",
    "core/security/events/settings.py": "declarations; tests/core/audit/events/test_prune.py",
    "settings/*.py": "declarations; tests/settings/test_reading.py",
    "settings/rules/*.py": "tests/settings/test_rules.py sees each rule fire and stay silent",
    "core/observability/metrics/families.py": "declarations; every other test of the package",
    "*/errors.py": "declarations; docs/reference/errors.md names each",
    "marketplace/*/errors.py": "declarations; docs/reference/errors.md names each",
    "marketplace/*/models.py": "declarations; tests/marketplace/test_constraints.py breaks each constraint",
    "marketplace/*/views.py": "declarations",
    "marketplace/media/limits.py": "declarations; tests/marketplace/media/test_decoding.py reaches each",
    "marketplace/media/removal.py": "tests/marketplace/media/test_sweep.py runs each step, beside uploads",
    "marketplace/media/store.py": "declarations; tests/integrations/storage keeps its promises",
    "migrations/versions/*.py": "tests/migrations/test_migrations.py goes there and back",
    "embedded/descriptors.py": "tests/embedded/test_keeper.py and test_data.py kill who holds them",
    "embedded/orphans.py": "tests/embedded/test_keeper.py leaves some behind by kill -9",
    "embedded/process.py": "every start and stop in tests/embedded",
    "sample/pictures/*.py": "tests/sample/pictures/test_pictures.py draws every garment in every view",
    "sample/progress.py": "declarations; tests/sample/test_seeding.py",
    "tables.py": "declarations; tests/migrations/test_migrations.py compares them with the migrations",
}
"""Modules that are tested through another, and why. A star is one name."""


OF_SEVERAL: Final[Mapping[str, str]] = {
    "tests/marketplace/test_constraints.py": "breaks every constraint of every slice's tables",
    "tests/marketplace/storefront/test_reads.py": "asks for all that the marketplace looks up",
    "tests/marketplace/storefront/test_plans.py": "reads the plans of all that lists.py and details.py ask",
}
"""Tests that are about more than one module, and what."""


def findings(paths: Set[str], *, declarations: Set[str] = frozenset()) -> Iterator[Finding]:
    """What is tested nowhere, what tests nothing, and what is excused in vain.

    Args:
        paths: Every Python file of the repository.
        declarations: Those that define neither a function nor a class, and so promise nothing by themselves.
    """
    modules = {path for path in paths if path.startswith("src/threadly/")}
    tests = {path for path in paths if path.startswith("tests/") and path.rpartition("/")[2].startswith("test_")}
    for test in sorted(tests):
        if not test.startswith(FREE) and test not in OF_SEVERAL and not subjects(test, paths):
            yield Finding(test, 1, RULE, "no module has this path; move it beside what it tests")
    tested = {module for test in tests for module in subjects(test, paths)}
    for module in sorted(modules - tested - declarations):
        if not any(_matches(module, pattern) for pattern in NO_TEST_OF_ITS_OWN):
            yield Finding(module, 1, RULE, f"no test: {_test_of(module)}")
    for pattern in NO_TEST_OF_ITS_OWN:
        if not any(_matches(module, pattern) for module in modules):
            yield Finding("habits/mirror.py", 1, RULE, f"{pattern} matches no module")


def subjects(test: str, paths: Set[str]) -> set[str]:
    """The modules that a test file is about, by its path."""
    folder, _, file = test.removeprefix("tests/").rpartition("/")
    mirrored = folder if folder.split("/")[0] in {"habits", "scan"} else f"src/threadly/{folder}".removesuffix("/")
    words = file.removeprefix("test_").removesuffix(".py").split("_")
    for length in range(len(words), 0, -1):
        name = "_".join(words[:length])
        beside = f"tests/{folder}/{name}.py".replace("//", "/")
        places = [f"{mirrored}/{name}.py", f"{mirrored}/{name}/__init__.py", beside]
        if mirrored.rpartition("/")[2] == name:
            places.append(f"{mirrored}/__init__.py")
        if found := {place for place in places if place in paths}:
            return found
    return set()


def _test_of(module: str) -> str:
    folder, _, file = module.replace("src/threadly/", "tests/").removesuffix("/__init__.py").rpartition("/")
    return f"{folder}/test_{file.removesuffix('.py')}.py"


def _matches(module: str, pattern: str) -> bool:
    ours, given = module.removeprefix("src/threadly/").split("/"), pattern.split("/")
    return len(ours) == len(given) and all(fnmatchcase(have, want) for have, want in zip(ours, given, strict=True))
