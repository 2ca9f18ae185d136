"""Rules about time, ids and money: each has one place to come from, or one form."""

import ast
import re
from collections.abc import Iterator
from typing import Final

from habits.rule import Place, Source, calls, dotted, imported, rule

_NOW: Final = {
    "date.today",
    "datetime.now",
    "datetime.today",
    "datetime.utcnow",
    "time.ctime",
    "time.gmtime",
    "time.localtime",
    "time.time",
    "time.time_ns",
}
_CLOCKS: Final = ("src/threadly/core/clock.py", "src/threadly/core/ids.py")
_MONEY: Final = re.compile(r"(^|_)(price|amount|fee|subtotal|payout|refund|balance|minor)(_|$)")


@rule(
    "time-from-clock",
    guards="House rule 7: what asks `clock` can be moved through time by a test. Durations take time.monotonic.",
    but=_CLOCKS,
)
def time_from_clock(source: Source) -> Iterator[Place]:
    for node in source.nodes:
        if isinstance(node, ast.Attribute):
            name = ".".join(dotted(node).split(".")[-2:])
            if name in _NOW:
                yield node.lineno, f"{name}: take the time from core.clock (a duration: time.monotonic)"
    for module, name, line in imported(source):
        if module == "time" and f"time.{name}" in _NOW:
            yield line, f"time.{name}: take the time from core.clock (a duration: time.monotonic)"


@rule(
    "ids-from-ids",
    guards="House rule 7: one kind of id, which sorts by time; the ancestor mixed uuid and cuid.",
    but=_CLOCKS,
)
def ids_from_ids(source: Source) -> Iterator[Place]:
    makers = {f"uuid{version}" for version in (1, 3, 4, 5, 6, 7, 8)}
    for module, name, line in imported(source):
        if module == "uuid" and name in makers:
            yield line, f"uuid.{name}: take ids from core.ids (a secret: secrets.token_urlsafe)"
    for name, call in calls(source):
        if name.startswith("uuid.") and name.removeprefix("uuid.") in makers:
            yield call.lineno, f"{name}(): take ids from core.ids (a secret: secrets.token_urlsafe)"


@rule(
    "money-is-integer",
    guards="House rule 6; the ancestor made every price a float, and rounded a fee of $9.99 to nothing.",
)
def money_is_integer(source: Source) -> Iterator[Place]:
    message = "money is integer minor units with a currency, never a float"
    for node in source.nodes:
        match node:
            case ast.AnnAssign(target=target, annotation=annotation) if _is_money(target) and _is_float(annotation):
                yield node.lineno, message
            case ast.arg(arg=name, annotation=ast.expr() as annotation) if _MONEY.search(name) and _is_float(
                annotation
            ):
                yield node.lineno, message
            case ast.FunctionDef() | ast.AsyncFunctionDef() if (
                node.returns is not None and _MONEY.search(node.name) and _is_float(node.returns)
            ):
                yield node.lineno, message
            case ast.Assign(targets=[target], value=value) if _is_money(target) and _makes_float(value):
                yield node.lineno, message
            case ast.Call(func=ast.Name(id="float"), args=[given]) if _is_money(given):
                yield node.lineno, message
            case _:
                pass


def _is_money(node: ast.expr) -> bool:
    return bool(_MONEY.search(dotted(node).rpartition(".")[2]))


def _is_float(annotation: ast.expr) -> bool:
    names = {node.id for node in ast.walk(annotation) if isinstance(node, ast.Name)}
    return bool(names & {"float", "Decimal"})


def _makes_float(value: ast.expr) -> bool:
    """A float literal, a true division, or a call of float() or Decimal(); or a column of such a type."""
    match value:
        case ast.Constant(value=float()) | ast.BinOp(op=ast.Div()):
            return True
        case ast.Call(func=function, args=arguments):
            kinds = {dotted(argument).rpartition(".")[2] for argument in arguments}
            return dotted(function) in {"float", "Decimal"} or bool(kinds & {"Float", "Numeric", "Double", "REAL"})
        case _:
            return False
