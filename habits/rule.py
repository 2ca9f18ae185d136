"""What a rule is: a function from one source file to the places where a habit is broken."""

import ast
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Final, TypeAlias

_LET_OFF: Final = re.compile(r"# habit: (?P<rule>[a-z-]+) - \S")


@dataclass(frozen=True)
class Source:
    """One file of the repository.

    Args:
        path: Relative to the repository's root, with slashes.
        beside: The names of the modules and packages in the same folder.
    """

    path: str
    text: str
    beside: frozenset[str] = frozenset()

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.text, self.path)

    @cached_property
    def nodes(self) -> list[ast.AST]:
        """Every node of the tree, outermost first."""
        return list(ast.walk(self.tree))

    @cached_property
    def lines(self) -> list[str]:
        return self.text.splitlines()

    @property
    def module(self) -> str:
        """The dotted name, for Python files under src/ and beside it."""
        return self.path.removeprefix("src/").removesuffix(".py").removesuffix("/__init__").replace("/", ".")

    def is_under(self, *places: str) -> bool:
        """Whether this is one of the places, or inside one that ends in a slash."""
        return any(self.path == place or (place.endswith("/") and self.path.startswith(place)) for place in places)


@dataclass(frozen=True, order=True)
class Finding:
    """A habit that is broken somewhere."""

    path: str
    line: int
    rule: str
    message: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.rule}: {self.message}"


EVERYTHING: Final = (
    ".ci/", ".github/", "CHANGELOG.md", "CONTRIBUTING.md", "README.md", "SECURITY.md", "assets/", "benchmarks/",
    "deploy/", "dev", "docs/", "examples/", "habits/", "package-lock.json", "package.json", "pyproject.toml",
    "requirements/", "scan/", "src/", "tests/",
)  # fmt: skip
"""What the repository consists of."""

TEXT: Final = (
    ".css", ".html", ".in", ".j2", ".jinja", ".js", ".json", ".lua", ".mako", ".md", ".mjs", ".py", ".sh", ".sql",
    ".svg", ".toml", ".txt", ".xml", ".yaml", ".yml", "Containerfile", "dev", "run",
)  # fmt: skip
"""How the names of files that people write end."""

Place: TypeAlias = tuple[int, str]
"""A line number, and what is wrong there."""

Check: TypeAlias = Callable[[Source], Iterator[Place]]


@dataclass(frozen=True)
class Rule:
    """A habit that a program can see.

    Args:
        guards: The mistake or decision that made it a rule.
        only: The places it is about; see `Source.is_under`.
        but: Places among those which it leaves alone.
    """

    name: str
    guards: str
    only: tuple[str, ...]
    but: tuple[str, ...]
    suffixes: tuple[str, ...]
    check: Check

    def covers(self, source: Source) -> bool:
        return source.path.endswith(self.suffixes) and source.is_under(*self.only) and not source.is_under(*self.but)

    def findings(self, source: Source) -> Iterator[Finding]:
        """The places where the file breaks the rule and no comment lets the line off."""
        if not self.covers(source):
            return
        for line, message in self.check(source):
            if self.name not in lets_off(source, line):
                yield Finding(source.path, line, self.name, message)


RULES: Final[dict[str, Rule]] = {}
"""Every rule by its name; filled by importing `habits.rules`."""


def rule(
    name: str,
    *,
    guards: str,
    only: tuple[str, ...] = ("src/",),
    but: tuple[str, ...] = (),
    suffixes: tuple[str, ...] = (".py",),
) -> Callable[[Check], Check]:
    """Makes a function a rule; `guards` names the mistake or decision behind it."""

    def made(check: Check) -> Check:
        RULES[name] = Rule(name, guards, only, but, suffixes, check)
        return check

    return made


def lets_off(source: Source, line: int) -> set[str]:
    """The rules that a comment on the line sets aside, with a reason."""
    text = source.lines[line - 1] if 0 < line <= len(source.lines) else ""
    return {found["rule"] for found in _LET_OFF.finditer(text)}


def dotted(node: ast.AST) -> str:
    """`a.b.c` for such an expression, and "" for any other; a call in between is stepped over."""
    match node:
        case ast.Name(id=name):
            return name
        case ast.Attribute(value=value, attr=attr):
            return f"{dotted(value)}.{attr}".removeprefix(".")
        case ast.Call(func=function):
            return dotted(function)
        case _:
            return ""


def calls(source: Source) -> Iterator[tuple[str, ast.Call]]:
    """Every call, with the dotted name of what is called."""
    for node in source.nodes:
        if isinstance(node, ast.Call):
            yield dotted(node.func), node


def imported(source: Source) -> Iterator[tuple[str, str, int]]:
    """Every imported (module, name, line); name is "" for `import module`."""
    for node in source.nodes:
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield alias.name, "", node.lineno
        elif isinstance(node, ast.ImportFrom):
            for alias in node.names:
                yield node.module or "", alias.name, node.lineno
