"""Rules about tests."""

import ast
import re
from collections.abc import Iterator
from typing import Final

from habits.rule import Place, Source, dotted, imported, rule

_FEW_WORDS: Final = re.compile(r"test_[^_]+(_[^_]+)?")


@rule(
    "no-mocks",
    guards="“140+ tests” over mocks found none of the ancestor's faults: tests run on the real engines.",
    only=("tests/",),
)
def no_mocks(source: Source) -> Iterator[Place]:
    for module, name, line in imported(source):
        if "mock" in {*module.split("."), name}:
            yield line, "imports a mock: use the real thing, or a sandbox twin"


@rule(
    "no-tests-set-aside",
    guards="“140+ tests” that “cannot currently run”: only a missing outside program skips, and says how to get it.",
    only=("tests/",),
)
def no_tests_set_aside(source: Source) -> Iterator[Place]:
    for node in source.nodes:
        if isinstance(node, ast.Attribute) and dotted(node) in {
            "pytest.mark.skip",
            "pytest.mark.xfail",
            "pytest.xfail",
        }:
            yield node.lineno, f"{dotted(node)}: a test runs, or it goes"


@rule(
    "tests-stand-alone",
    guards="What several tests need is found by its name, and no test depends on another.",
    only=("tests/", "benchmarks/"),
)
def tests_stand_alone(source: Source) -> Iterator[Place]:
    for module, _, line in imported(source):
        if module.startswith("tests.") and module.rpartition(".")[2].startswith("test_"):
            yield line, f"imports from {module}: put what both need into a module of its own"


@rule(
    "tests-are-sentences",
    guards="A test's name is what is promised; who reads the list of them reads the specification.",
    only=("tests/",),
)
def tests_are_sentences(source: Source) -> Iterator[Place]:
    for node in source.nodes:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and _FEW_WORDS.fullmatch(node.name):
            yield node.lineno, f"{node.name}: say in a sentence what holds"
