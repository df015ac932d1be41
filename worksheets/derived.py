"""Keep as data what SymPy has derived, so that it derives once and not in every process.

A law is a list of steps, each a sum, product, power, comparison or choice of values before it. Such
a list is computed by `Law` and never made into code, which costs 4 % of a proof's time; and it says
beforehand how much there is to compute.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property, partial
from hashlib import sha256
from math import prod
from operator import itemgetter
from pathlib import Path
from typing import Any

from worksheets.cache import kept
from worksheets.machine.executors import BROWSER

# An expression without what its parts share, written out, has fewer numbers than this in it. What
# is computed has no more digits than all of them together. The longest law has 46.
MOST_NUMBERS = 1000
MOST_STEPS = 10_000
LARGEST = 10**12  # of a number in a law
CARRIED = "carried"
COMPUTED: dict[str, Callable[[Any], Any]] = {
    "sum": sum,
    "product": prod,
    "greater": lambda pair: pair[0] > pair[1],
    "choice": lambda of: of[1] if of[0] else of[2],
}


@dataclass(frozen=True)
class Law:
    """Hold expressions of `inputs` numbers: the `results` among all values, inputs, then steps'.

    Steps are ("number", p, q) for p/q; ("sum", place, ...) and ("product", place, ...) of values at
    these places; ("power", place, exponent); ("greater", place, place); and ("choice", place,
    place, place), which is the second value if the first is true, else the third.
    """

    inputs: int
    steps: tuple[tuple[Any, ...], ...]
    results: tuple[int, ...]

    def __post_init__(self) -> None:
        """Refuse what is no exact arithmetic, or too much of it.

        Raises:
            ValueError: naming the step.
        """
        if len(self.steps) > MOST_STEPS:
            raise ValueError(f"{len(self.steps)} steps, at most {MOST_STEPS} are computed")
        numbers = [1] * self.inputs  # in each value, written out
        for step in self.steps:
            numbers.append(self._numbers(step, numbers))
            if numbers[-1] > MOST_NUMBERS:
                raise ValueError(f"{step}: more than {MOST_NUMBERS} numbers")
        for place in self.results:
            _refuse_unknown(("result", place), (place,), numbers)

    @staticmethod
    def _numbers(step: tuple[Any, ...], numbers: list[int]) -> int:
        """Return how many numbers this step has, written out, and see to it that it is one."""
        match step:
            case ("number", p, q):
                if type(p) is not int or type(q) is not int or not (abs(p) < LARGEST > q > 0):
                    raise ValueError(f"{step}: no number")
                return 1
            case ("power", place, exponent) if type(exponent) is int and exponent:
                _refuse_unknown(step, (place,), numbers)
                return numbers[place] * abs(exponent)  # type: ignore[no-any-return]
            case ("sum" | "product", _, _, *_) | ("greater", _, _) | ("choice", _, _, _):
                _refuse_unknown(step, step[1:], numbers)
                return sum(numbers[place] for place in step[1:])
        raise ValueError(f"{step}: no exact arithmetic")

    def __call__(self, *values: Any) -> list[Any]:
        """Compute the results in exact numbers, integers where all that goes in are some."""
        known = list(values)
        for compute, operands in self._computed:
            known.append(compute(operands(known)))
        return [known[place] for place in self.results]

    @cached_property  # looking at each step anew for each sheet took twice as long
    def _computed(self) -> list[tuple[Callable[[Any], Any], Callable[[list[Any]], Any]]]:
        """Return for each step what computes it, and what picks its operands."""
        computations: list[tuple[Callable[[Any], Any], Callable[[list[Any]], Any]]] = []
        for name, *rest in self.steps:
            if name == "number":
                number = rest[0] if rest[1] == 1 else Fraction(*rest)
                computations.append((partial(_constant, number), len))
            elif name == "power":
                computations.append((partial(_power, rest[1]), itemgetter(rest[0])))
            else:
                computations.append((COMPUTED[name], itemgetter(*rest)))
        return computations


def _constant(number: int | Fraction, _: object) -> int | Fraction:
    return number


def _power(exponent: int, base: Any) -> Any:
    return Fraction(base) ** exponent


def _refuse_unknown(step: tuple[Any, ...], places: Sequence[Any], numbers: Sequence[int]) -> None:
    for place in places:
        if type(place) is not int or not 0 <= place < len(numbers):
            raise ValueError(f"{step}: no value before it has place {place!r}")


def function(
    name: str, arguments: Sequence[str], results: int, derive: Callable[[], list[Any]]
) -> Law:
    """Return so many of SymPy's expressions, which `derive` gives if they are not kept.

    The name has to say which of all that the module of `derive` states they are; they are derived
    anew for another text of that module, of this one, or another version of SymPy.
    """
    which = _short([derive.__module__, name, *arguments])

    def read(content: bytes) -> Law:
        law = Law(len(arguments), *_tuples(json.loads(content)))
        if len(law.results) != results:
            raise ValueError(f"{len(law.results)} results instead of {results}")
        return law

    def make() -> bytes:
        law = stated(arguments, derive())
        return json.dumps([law.steps, law.results], separators=(",", ":")).encode()

    return kept(f"law-{which}-{_makers(derive.__module__)}.json", make, read)


def carried_name(name: str) -> str:
    """Return the name under which a browser finds the kept law of this name."""
    return f"{name.rpartition('-')[0]}-{CARRIED}.json"


def _makers(module: str) -> str:
    """Return a hash of what derives the laws of a module; a browser has one program, no source."""
    if BROWSER:
        return CARRIED
    from importlib.metadata import version

    paths = [Path(sys.modules[one].__file__ or "") for one in (module, __name__)]
    return _short([version("sympy"), *(sha256(path.read_bytes()).hexdigest() for path in paths)])


def _short(decided: Sequence[str]) -> str:
    return sha256(json.dumps(decided).encode()).hexdigest()[:32]


def _tuples(data: Any) -> tuple[tuple[tuple[Any, ...], ...], tuple[Any, ...]]:
    steps, results = data
    return tuple(map(tuple, steps)), tuple(results)


def stated(arguments: Sequence[str], expressions: list[Any]) -> Law:
    """Return SymPy's expressions of these arguments as a law, what they share being computed once.

    Raises:
        ValueError: if something else than exact arithmetic stands in one.
    """
    from sympy import Add, Gt, Lt, Mul, Piecewise, Pow, Symbol, cse, numbered_symbols

    places: dict[Any, int] = {name: place for place, name in enumerate(arguments)}
    steps: list[tuple[Any, ...]] = []

    def place_of(expression: Any) -> int:
        what = expression.name if isinstance(expression, Symbol) else expression
        if what not in places:
            steps.append(step_of(expression))  # after those that it appends itself
            places[what] = len(arguments) + len(steps) - 1
        return places[what]

    def step_of(expression: Any) -> tuple[Any, ...]:
        match expression:
            case _ if expression.is_Rational:
                return "number", int(expression.p), int(expression.q)
            case Add():
                return "sum", *map(place_of, expression.args)
            case Mul():
                return "product", *map(place_of, expression.args)
            case Pow() if expression.exp.is_Integer:
                return "power", place_of(expression.base), int(expression.exp)
            case Gt():
                return "greater", *map(place_of, expression.args)
            case Lt():
                return "greater", *map(place_of, reversed(expression.args))
            case Piecewise() if len(expression.args) == 2 and expression.args[1].cond == True:  # noqa: E712
                (then, condition), (otherwise, _) = expression.args
                return "choice", *map(place_of, (condition, then, otherwise))
        raise ValueError(f"{expression}: no exact arithmetic")

    shared, remaining = cse(expressions, numbered_symbols("shared "))
    for symbol, value in shared:
        places[symbol.name] = place_of(value)
    results = tuple(map(place_of, remaining))
    return Law(len(arguments), tuple(steps), results)
