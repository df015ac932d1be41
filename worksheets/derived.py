"""What SymPy has derived, kept as text, so that it derives once and not in every process."""

from __future__ import annotations

import ast
from collections.abc import Callable, Sequence
from contextlib import suppress
from fractions import Fraction
from hashlib import sha256
from importlib.metadata import version
from typing import Any, TypeAlias

from worksheets.cache import cache_folder, keep, program

Function: TypeAlias = Callable[..., list[Any]]
NAME = "derived"
# Sums, products, powers, fractions and choices of numbers: nothing that could do harm.
ALLOWED = (
    *(ast.Module, ast.FunctionDef, ast.arguments, ast.arg, ast.Assign, ast.Return, ast.List),
    *(ast.Name, ast.Load, ast.Store, ast.Constant, ast.BinOp, ast.UnaryOp, ast.IfExp, ast.Compare),
    *(ast.operator, ast.unaryop, ast.cmpop, ast.Call),
)


def function(name: str, arguments: Sequence[str], derive: Callable[[], list[Any]]) -> Function:
    """Exact values of SymPy's expressions, which `derive` gives if they are not kept.

    The name, with the program and SymPy's version, has to say which expressions these are.
    """
    decided = f"{name} {','.join(arguments)} {program()} {version('sympy')}"
    path = cache_folder() / "laws" / f"{sha256(decided.encode()).hexdigest()[:32]}.txt"
    with suppress(OSError, ValueError, SyntaxError):
        return compiled(path.read_text(encoding="utf-8"))
    text = written(arguments, derive())
    found = compiled(text)
    keep(path, text.encode())
    return found


def written(arguments: Sequence[str], expressions: list[Any]) -> str:
    """Expressions as the text of a function, what they share being computed once."""
    from sympy import cse
    from sympy.printing.lambdarepr import LambdaPrinter

    class Printer(LambdaPrinter):  # type: ignore[misc]
        def _print_Rational(self, number: Any) -> str:  # SymPy's own is a floating-point division
            return f"Fraction({number.p}, {number.q})"

    show = Printer({"fully_qualified_modules": False}).doprint
    shared, results = cse(expressions)
    lines = [f"    {name} = {show(value)}\n" for name, value in shared]
    values = ", ".join(map(show, results))
    return f"def {NAME}({', '.join(arguments)}):\n{''.join(lines)}    return [{values}]\n"


def compiled(text: str) -> Function:
    """The function that such a text is.

    Raises:
        ValueError: if anything else stands in it.
    """
    tree = ast.parse(text)
    for node in ast.walk(tree):
        called = isinstance(node, ast.Call) and not (
            isinstance(node.func, ast.Name) and node.func.id == Fraction.__name__
        )
        if called or not isinstance(node, ALLOWED):
            raise ValueError(f"{ast.unparse(node)}: no exact arithmetic")
    names: dict[str, Any] = {Fraction.__name__: Fraction, "__builtins__": {}}
    exec(compile(tree, NAME, "exec"), names)  # noqa: S102  (of what is allowed alone)
    if NAME not in names:
        raise ValueError(f"{NAME} is not in it")
    found: Function = names[NAME]
    return found
