"""Find the kinds in their folder, check them, and trace each once a level."""

from __future__ import annotations

import pkgutil
from collections.abc import Mapping
from functools import cache, partial
from importlib import import_module
from typing import TYPE_CHECKING, Any, Protocol, cast

from worksheets.engine.graph import Graph, Mistake, Tracer
from worksheets.errors import InputError
from worksheets.ids import ALPHABET, LOOKALIKES
from worksheets.kinds import __path__ as kinds_folders
from worksheets.language import ENGLISH, say_in
from worksheets.sampling.earlier import Earlier
from worksheets.sentences import Sentences

if TYPE_CHECKING:
    from worksheets.sampling.counter import Draws
    from worksheets.sampling.givens import Givens


class Kind(Protocol):
    """Declare a kind, be it a module or a package.

    What comes first, each must have. `CODE` starts its IDs; `steps` writes the sheet down; `draw`
    supplies what is given; `law` maps the givens (SymPy matrices by line), the words' indices and
    the level to every answer. Its sentences stand in its catalogue, see `Sentences`.

    What it leaves out of the rest is as in `DEFAULTS`. `PHRASES` names sentences of the theme's
    words; a kind without them has no theme. `MISTAKES` are the usual ones; each sheet shows them
    all. `VARIETY` is how many different sheets a level has at least, as measured, and `EFFORT` the
    usual number of operations, from which no sheet lies far. `CHECKPOINTS` are the lines that
    whoever marks looks at first. With `LAW_OF_ARRAYS`, the law takes and gives numpy arrays of
    exact numbers, int and Fraction, instead, which is ten times as fast. `BUILDS_ON` names the
    kinds that are worked before this one; `CONTINUES` says which given of this one's edition
    "continued" is what such a kind's sheet has come to.
    """

    __name__: str
    CODE: str
    TITLE: str
    LEVELS: tuple[int, ...]

    def steps(self, sheet: Tracer, level: int) -> None: ...  # noqa: D102  (see the class)

    def draw(self, draws: Draws, level: int, published: bool) -> Givens: ...  # noqa: D102

    def law(  # noqa: D102
        self, given: Mapping[str, Any], word: Mapping[str, int], level: int
    ) -> Mapping[str, Any]: ...

    EDITIONS: tuple[str, ...]
    PHRASES: Mapping[str, tuple[str, ...]]
    MISTAKES: tuple[Mistake, ...]
    VARIETY: Mapping[int, int]
    EFFORT: Mapping[int, int]
    CHECKPOINTS: tuple[str, ...]
    LAW_OF_ARRAYS: bool
    BUILDS_ON: tuple[str, ...]
    CONTINUES: Earlier | None


DEFAULTS: Mapping[str, object] = {
    "EDITIONS": ("free",),
    "PHRASES": {},
    "MISTAKES": (),
    "VARIETY": {},
    "EFFORT": {},
    "CHECKPOINTS": (),
    "LAW_OF_ARRAYS": False,
    "BUILDS_ON": (),
    "CONTINUES": None,
}


def name_of(kind: Kind) -> str:
    """Return the kind's name: that of its module."""
    return kind.__name__.rpartition(".")[2]


@cache
def all_kinds() -> dict[str, Kind]:
    """Return every kind by name.

    Raises:
        ValueError: if two have the same CODE, or one's has other characters than IDs.
    """
    names = sorted(module.name for module in pkgutil.iter_modules(kinds_folders))
    kinds = {name: _loaded(name) for name in names}
    codes = [kind.CODE for kind in kinds.values()]
    if twice := {code for code in codes if codes.count(code) > 1}:
        raise ValueError(f"more than one kind has the CODE {', '.join(twice)}")
    return kinds


def _loaded(name: str) -> Kind:
    module = import_module(f"worksheets.kinds.{name}")
    for attribute, default in DEFAULTS.items():
        vars(module).setdefault(attribute, default)
    kind = cast("Kind", module)
    if not set(kind.CODE.translate(LOOKALIKES)) <= set(ALPHABET):
        raise ValueError(f"kind {name}: its CODE {kind.CODE!r} is not of A to Z but U, and 0 to 9")
    return kind


def find(name: str) -> Kind:
    """Return the kind of this name.

    Raises:
        InputError: if there is none.
    """
    if name not in all_kinds():
        raise InputError(f"kind {name!r} is unknown; kinds are {', '.join(all_kinds())}")
    return all_kinds()[name]


def levels_by_code() -> dict[str, tuple[int, ...]]:
    """Map the kinds' codes to their levels, to read an ID."""
    return {kind.CODE: tuple(kind.LEVELS) for kind in all_kinds().values()}


def by_code(code: str) -> Kind:
    """Return the kind whose IDs start with this code.

    Raises:
        InputError: if there is none.
    """
    for kind in all_kinds().values():
        if code == kind.CODE:
            return kind
    codes = ", ".join(kind.CODE for kind in all_kinds().values())
    raise InputError(f"code {code!r} is no kind's; codes are {codes}")


def editions(kind: Kind, level: int) -> tuple[str, ...]:
    """Return the editions that there are of this level."""
    continues = kind.CONTINUES is not None and level in kind.CONTINUES.effort
    return (*kind.EDITIONS, "continued") if continues else kind.EDITIONS


def usual_effort(kind: Kind, level: int, edition: str) -> int | None:
    """Return the usual number of operations, if the kind says one."""
    if edition == "continued" and kind.CONTINUES:
        return kind.CONTINUES.effort[level]
    return kind.EFFORT.get(level)


@cache
def graph(name: str, level: int, language: str = ENGLISH) -> Graph:
    """Return the kind's sheet at this level, with its mistakes; its texts are in this language.

    Raises:
        InputError: if the kind has no such level.
    """
    kind = find(name)
    if level not in kind.LEVELS:
        known = ", ".join(map(str, kind.LEVELS))
        raise InputError(f"level {level}: {name} has the levels {known}")
    sentences = Sentences(name, language)
    note = partial(sentences.note, level=level)
    return _traced(name, level).said(say_in(language), sentences.goal, note)


@cache
def _traced(name: str, level: int) -> Graph:
    kind, tracer = find(name), Tracer()
    kind.steps(tracer, level)
    return tracer.graph(kind.MISTAKES)


def mistaken(name: str, level: int, mistake: Mistake) -> Graph:
    """Return the sheet as somebody works it who makes this mistake throughout."""
    tracer = Tracer(mistake)
    find(name).steps(tracer, level)
    return tracer.graph()
