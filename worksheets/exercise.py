"""Find the kinds in their folder, check them, and trace each once a level."""

from __future__ import annotations

import pkgutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import MISSING, dataclass, field, fields
from functools import cache, partial
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

from worksheets.engine.graph import Graph, Mistake, Tracer
from worksheets.errors import InputError
from worksheets.ids import ALPHABET, LOOKALIKES
from worksheets.kinds import __path__ as kinds_folders
from worksheets.language import ENGLISH, say_in, told
from worksheets.sampling.earlier import Earlier
from worksheets.sentences import Sentences

if TYPE_CHECKING:
    from worksheets.sampling.counter import Draws
    from worksheets.sampling.givens import Givens


@dataclass(frozen=True, eq=False, kw_only=True)
class Kind:
    """Hold what a module or package in the folder of kinds declares, and refuse what is no kind.

    What comes first, each must have. `CODE` starts its IDs; `steps` writes the sheet down; `draw`
    supplies what is given, `published` or not; `law` maps the givens (SymPy matrices by line), the
    words' indices and the level to every answer. Its sentences stand in its catalogue, see
    `Sentences`.

    The rest may be left out. `PHRASES` names sentences of the theme's words; a kind without them
    has no theme. `MISTAKES` are the usual ones; each sheet shows them all. `VARIETY` is how many
    different sheets a level has at least, as measured, and `EFFORT` the usual number of operations,
    from which no sheet lies far. `CHECKPOINTS` are the lines that whoever marks looks at first,
    `WORKED` says by level which line a lesson works; without it, that is the largest new one.
    With `LAW_OF_ARRAYS`, the law takes and gives numpy arrays of exact numbers, int and Fraction,
    instead, which is ten times as fast. `BUILDS_ON` names the kinds that are worked before this
    one; `CONTINUES` says which given of this one's edition "continued" is what such a kind's sheet
    has come to. `name` is its module's, and `file` the module, or a package's `__init__.py`.

    Raises:
        InputError: naming the kind and what is wrong with it.
    """

    name: str
    file: Path
    CODE: str
    TITLE: str
    LEVELS: tuple[int, ...]
    steps: Callable[[Tracer, int], None]
    draw: Callable[[Draws, int, bool], Givens]
    law: Callable[[Mapping[str, Any], Mapping[str, int], int], Mapping[str, Any]]
    EDITIONS: tuple[str, ...] = ("free",)
    PHRASES: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    MISTAKES: tuple[Mistake, ...] = ()
    VARIETY: Mapping[int, int] = field(default_factory=dict)
    EFFORT: Mapping[int, int] = field(default_factory=dict)
    CHECKPOINTS: tuple[str, ...] = ()
    WORKED: Mapping[int, str] = field(default_factory=dict)
    LAW_OF_ARRAYS: bool = False
    BUILDS_ON: tuple[str, ...] = ()
    CONTINUES: Earlier | None = None

    def __post_init__(self) -> None:
        if not set(self.CODE.translate(LOOKALIKES)) <= set(ALPHABET):
            raise InputError(
                told(
                    "kind {name}: its CODE {code!r} is not of A to Z but U, and 0 to 9",
                    name=self.name,
                    code=self.CODE,
                )
            )
        for function in ("steps", "draw", "law"):
            if not callable(getattr(self, function)):  # such as a package's module of this name
                raise InputError(
                    told(
                        "kind {name}: its {function} is no function",
                        name=self.name,
                        function=function,
                    )
                )

    @classmethod
    def of_module(cls, module: ModuleType) -> Kind:
        """Return the kind that a module declares."""
        name, declared = module.__name__.rpartition(".")[2], vars(module)
        wanted = [one for one in fields(cls) if one.name not in {"name", "file"}]
        needed = (one.name for one in wanted if one.default is one.default_factory is MISSING)
        if lacking := [attribute for attribute in needed if attribute not in declared]:
            raise InputError(
                told("kind {name}: it has no {lacking}", name=name, lacking=", ".join(lacking))
            )
        given = {one.name: declared[one.name] for one in wanted if one.name in declared}
        return cls(name=name, file=Path(str(module.__file__)), **given)


@cache
def all_kinds() -> dict[str, Kind]:
    """Return every kind by name.

    Raises:
        InputError: if one lacks what each must have, or two have the same CODE.
    """
    names = sorted(module.name for module in pkgutil.iter_modules(kinds_folders))
    kinds = {name: Kind.of_module(import_module(f"worksheets.kinds.{name}")) for name in names}
    codes = [kind.CODE for kind in kinds.values()]
    if twice := {code for code in codes if codes.count(code) > 1}:
        raise InputError(told("more than one kind has the CODE {twice}", twice=", ".join(twice)))
    return kinds


def find(name: str) -> Kind:
    """Return the kind of this name.

    Raises:
        InputError: if there is none.
    """
    if name not in all_kinds():
        raise InputError(
            told(
                "kind {name!r} is unknown; kinds are {kinds}",
                name=name,
                kinds=", ".join(all_kinds()),
            )
        )
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
    raise InputError(told("code {code!r} is no kind's; codes are {codes}", code=code, codes=codes))


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
        InputError: if the kind has no such level, or names a line that none has.
    """
    kind = find(name)
    if level not in kind.LEVELS:
        known = ", ".join(map(str, kind.LEVELS))
        raise InputError(
            told(
                "level {level}: {name} has the levels {known}", level=level, name=name, known=known
            )
        )
    sentences = Sentences(name, language)
    note = partial(sentences.note, level=level)
    return traced(name)[level].said(say_in(language), sentences.goal, note)


@cache
def traced(name: str) -> Mapping[int, Graph]:
    """Trace all levels, each in a millisecond or less, as a line may be another level's."""
    kind, graphs = find(name), dict[int, Graph]()
    for level in kind.LEVELS:
        tracer = Tracer()
        kind.steps(tracer, level)
        graphs[level] = tracer.graph(kind.MISTAKES)
    lines = set[str]().union(*(graph.lines for graph in graphs.values()))
    for what, line in _named(kind):
        if line not in lines:
            raise InputError(
                told(
                    "kind {name}: {what} names {line!r}, which is a line of no level",
                    name=name,
                    what=what,
                    line=line,
                )
            )
    return graphs


def _named(kind: Kind) -> Iterator[tuple[str, str]]:
    """Yield each line that a kind names beside its steps, after what names it."""
    yield from (("CHECKPOINTS", line) for line in kind.CHECKPOINTS)
    yield from (("WORKED", line) for line in kind.WORKED.values())
    if kind.CONTINUES:
        yield "CONTINUES", kind.CONTINUES.given
    for mistake in kind.MISTAKES:
        lines = (*mistake.instead, *filter(None, [mistake.needs]))
        yield from ((told("mistake {name!r}", name=mistake.name), line) for line in lines)


def mistaken(name: str, level: int, mistake: Mistake) -> Graph:
    """Return the sheet as somebody works it who makes this mistake throughout."""
    tracer = Tracer(mistake)
    find(name).steps(tracer, level)
    return tracer.graph()
