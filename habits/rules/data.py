"""Rules about SQL and tables."""

import ast
import re
from collections.abc import Collection, Iterator
from typing import Final

from habits.rule import Place, Source, calls, dotted, imported, rule

_FACES: Final = ("src/threadly/api/", "src/threadly/web/", "src/threadly/ops/")
_RAW: Final = {
    "DDL", "copy_from_query", "cursor", "exec_driver_sql", "execute", "executemany", "fetch", "fetchmany", "fetchrow",
    "fetchval", "literal_column", "prepare", "scalar", "scalars", "stream", "text",
}  # fmt: skip
"""What takes SQL as a string: SQLAlchemy's, the driver's, and what looks like them."""
_SCOPES: Final = (ast.Module, ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
_CONSTANT: Final = re.compile(r"^_?[A-Z][A-Z0-9_]*$")
_SELECT_OFFSET: Final = re.compile(r"\bSELECT\b.*\bOFFSET\b", re.DOTALL)


@rule(
    "sql-is-built",
    guards="Filter strings put together by hand: a slice builds its SQL from columns, and binds the values.",
    only=("src/threadly/marketplace/", *_FACES),
)
def sql_is_built(source: Source) -> Iterator[Place]:
    from_sqlalchemy = {
        alias.asname or alias.name
        for node in source.nodes
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("sqlalchemy")
        for alias in node.names
        if alias.name == "text"
    }
    for name, call in calls(source):
        if name in from_sqlalchemy or name.endswith((".exec_driver_sql", "sqlalchemy.text", "sa.text")):
            # In a table's definition, SQL is a constant that goes into the migration.
            if source.path.endswith("/models.py") and call.args and isinstance(call.args[0], ast.Constant):
                continue
            yield call.lineno, f"{name}(): build the statement from columns"


_TABLES: Final = {"Table", "TableClause", "table", "to_metadata", "tometadata"}


@rule(
    "tables-are-models",
    guards="Decision 0027: a table whose name is written by hand shows what is deleted softly.",
    only=("src/threadly/marketplace/", "src/threadly/api/", "src/threadly/web/"),
)
def tables_are_models(source: Source) -> Iterator[Place]:
    made = {name for module, name, _ in imported(source) if module.startswith("sqlalchemy")} & _TABLES
    for name, call in calls(source):
        if name in made or name.endswith((".to_metadata", ".tometadata", "sqlalchemy.table", "sqlalchemy.Table")):
            yield call.lineno, f"{name}(): select from a model, which knows what is hidden"


@rule(
    "sql-is-constant",
    guards="SQL injection: no statement is put together from strings, wherever raw SQL is allowed.",
    but=("src/threadly/migrations/",),
)
def sql_is_constant(source: Source) -> Iterator[Place]:
    for scope in (node for node in source.nodes if isinstance(node, _SCOPES)):
        built = _built(scope)
        for call in (node for node in _within(scope) if isinstance(node, ast.Call)):
            name = dotted(call.func)
            if name.rpartition(".")[2] in _RAW and call.args and _is_built(call.args[0], built):
                yield call.lineno, f"{name}() is given a string that is put together; bind the values"


def _within(scope: ast.AST) -> Iterator[ast.AST]:
    """What belongs to a module, class or function itself, and to no function in it."""
    waiting = list(ast.iter_child_nodes(scope))
    while waiting:
        node = waiting.pop()
        yield node
        if not isinstance(node, _SCOPES):
            waiting.extend(ast.iter_child_nodes(node))


def _built(scope: ast.AST) -> frozenset[str]:
    """The names there that hold, at any time, a string that is put together."""
    given: list[tuple[str, ast.expr]] = []
    for node in _within(scope):
        match node:
            case ast.Assign(targets=targets, value=value):
                given += [(target.id, value) for target in targets if isinstance(target, ast.Name)]
            case ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value):
                given.append((name, value))
            case ast.NamedExpr(target=ast.Name(id=name), value=value):
                given.append((name, value))
            case ast.AugAssign(target=ast.Name(id=name), op=ast.Add() | ast.Mod(), value=value):
                given.append((name, ast.BinOp(ast.Constant(""), node.op, value)))
    found: set[str] = set()
    while more := {name for name, value in given if name not in found and _is_built(value, found)}:
        found |= more
    return frozenset(found)


def _is_built(node: ast.expr, names: Collection[str]) -> bool:
    """Whether this is a string that is put together of what is no constant."""
    match node:
        case ast.Name(id=name):
            return name in names
        case ast.JoinedStr(values=parts):
            return not all(_is_constant(part.value) for part in parts if isinstance(part, ast.FormattedValue))
        case ast.BinOp(op=ast.Mod() | ast.Add(), left=left, right=right):
            sides = (left, right)
            if all(_is_text(side) or _is_constant(side) for side in sides):
                return False
            return any(isinstance(side, ast.JoinedStr) or _is_text(side) or _is_built(side, names) for side in sides)
        case ast.Call(func=ast.Attribute(value=value, attr="format" | "format_map" | "replace")):
            return _is_text(value) or _is_built(value, names)
        case ast.Call(
            func=ast.Attribute(value=value, attr="join"), args=[ast.List(elts=parts) | ast.Tuple(elts=parts)]
        ):
            return not all(_is_text(part) or _is_constant(part) for part in parts)
        case ast.Call(func=ast.Attribute(value=value, attr="join")):
            return _is_text(value)
        case ast.Call(func=ast.Name(id="str"), args=[value]):
            return _is_built(value, names)
        case ast.IfExp(body=one, orelse=other):
            return _is_built(one, names) or _is_built(other, names)
        case _:
            return False


def _is_constant(node: ast.expr) -> bool:
    """Whether the name is written like a constant's."""
    return bool(_CONSTANT.search(dotted(node).rpartition(".")[2]))


def _is_text(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


@rule("no-offset", guards="House rule 4: keyset pages. An offset reads all that it skips, and shows rows twice.")
def no_offset(source: Source) -> Iterator[Place]:
    for name, call in calls(source):
        if isinstance(call.func, ast.Attribute) and call.func.attr == "offset":
            yield call.lineno, f"{name}(): page by key, with core.database.keyset"
    for node in source.nodes:
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and _SELECT_OFFSET.search(node.value):
            yield node.lineno, "OFFSET: page by key, with core.database.keyset"


_AROUND_CLASSES: Final = {"DynamicMapped", "Mapped", "None", "Sequence", "WriteOnlyMapped"}


@rule(
    "slices-share-no-objects",
    guards="House rule 2: foreign keys across slices are strings, and no relationship crosses a slice.",
    only=("src/threadly/marketplace/",),
)
def slices_share_no_objects(source: Source) -> Iterator[Place]:
    own = {node.name for node in source.nodes if isinstance(node, ast.ClassDef)}
    for node in source.nodes:
        if not isinstance(node, ast.AnnAssign | ast.Assign) or not isinstance(node.value, ast.Call):
            continue
        if dotted(node.value.func).rpartition(".")[2] != "relationship":
            continue
        reached = _classes_named(node.annotation) if isinstance(node, ast.AnnAssign) else set()
        reached |= {word for argument in node.value.args[:1] for word in _classes_named(argument)}
        for foreign in sorted(reached - own):
            yield node.lineno, f"a relationship reaches {foreign}, which is no table of this slice"
    for name, call in calls(source):
        if name.rpartition(".")[2] == "ForeignKey" and call.args and not _is_text(call.args[0]):
            yield call.lineno, "a foreign key names its column in a string"


def _classes_named(node: ast.expr) -> set[str]:
    """Class names in an annotation or argument, also within strings; without the typing around them."""
    names = {found.id for found in ast.walk(node) if isinstance(found, ast.Name)}
    names |= {
        word
        for found in ast.walk(node)
        if isinstance(found, ast.Constant) and isinstance(found.value, str)
        for word in re.findall(r"\w+", found.value)
    }
    return {name for name in names if name[:1].isupper()} - _AROUND_CLASSES


@rule(
    "first-parameter-tells",
    guards="House rule 3: `read: ReadSession` looks, `tx: Tx` changes; a reader sees which without reading on.",
    only=("src/threadly/marketplace/",),
)
def first_parameter_tells(source: Source) -> Iterator[Place]:
    session_names = {"ReadSession", "Tx", "AsyncSession", "AsyncConnection"}
    wanted = {"ReadSession": "read", "Tx": "tx"}
    for node in source.nodes:
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        parameters = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
        parameters = [parameter for parameter in parameters if parameter.arg not in {"self", "cls"}]
        for at, parameter in enumerate(parameters):
            kind = parameter.annotation.id if isinstance(parameter.annotation, ast.Name) else ""
            if kind in session_names and (wanted.get(kind) != parameter.arg or at != 0):
                yield node.lineno, f"{node.name}({parameter.arg}: {kind}): the first is `read: ReadSession` or `tx: Tx`"


@rule(
    "no-orm-in-faces",
    guards="Faces translate: no query, no session, no table of their own.",
    only=("src/threadly/api/", "src/threadly/web/"),
)
def no_orm_in_faces(source: Source) -> Iterator[Place]:
    for module, _, line in imported(source):
        if module.partition(".")[0] in {"sqlalchemy", "asyncpg"}:
            yield line, f"imports {module}: a query belongs into a slice's queries.py"
