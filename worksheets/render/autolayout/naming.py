"""Say in a few words how a line comes about, where its operands are read by their names."""

from __future__ import annotations

import re
from fractions import Fraction

from worksheets.engine.node import Node
from worksheets.engine.notation import on_paper, write
from worksheets.language import Say, message
from worksheets.render.autolayout.expression import Expressions
from worksheets.render.autolayout.functions import looks_up, over_arrow
from worksheets.render.autolayout.piece import Item, Shown, Sign

# Of functions whose name over an arrow says too little where the arguments stand elsewhere.
SAID = {
    "minimum": message("smaller of {} and {}"),
    "maximum": message("larger of {} and {}"),
    "exceeds": message("1 if {} > {}, else 0"),
    "open": message("1 if {} > 0, else 0"),
    "shares": message("{} ÷ its sum"),
    "discounted": message("{} + {} · the next one"),
    "softmax_where": message("softmax of {} where {} is 1"),
    "same_word": message("{} = {}?"),
}
LOOK_UP = message("{words} looked up in {table}")
OF = message("{function} of {argument}")
SIGN = re.compile(r" [−+÷] ")  # within a name such as P − Y
TIGHT = ("√", "log")  # stand right before their argument


def how(expressions: Expressions, core: Node, say: Say) -> str:
    """Return how an operation is worked out, by its operands' names."""
    items = expressions.items(core)
    last = items[-1]
    if not (isinstance(last, Sign) and last.arrow):
        return joined(items)
    if looks_up(core):
        return say(LOOK_UP).format(words=last.under, table=joined(items[:-1]))
    arguments = [joined(some) for some in _apart(items[:-1])]
    settings = [on_paper(write(Fraction(number))) for number in core.settings]
    told = [*arguments, *settings]
    if core.operation in SAID and len(told) == SAID[core.operation].count("{}"):
        return say(SAID[core.operation]).format(*told)
    inside, function = ", ".join(arguments), over_arrow(core, say)
    if core.operation in ("beside", "stacked"):
        return inside
    if function in TIGHT:
        return f"{function} {inside}"
    return say(OF).format(function=function, argument=inside)


def joined(items: list[Item]) -> str:
    """Return names and signs in one text; a name that is a sum itself has brackets in another."""
    names = [item.title if isinstance(item, Shown) else item.text for item in items]
    if len(items) > 1:
        composed = (isinstance(item, Shown) and bool(SIGN.search(item.title)) for item in items)
        names = [f"({n})" if c else n for n, c in zip(names, composed, strict=True)]
    text = " ".join(names)
    return text.replace("( ", "(").replace(" )", ")").replace(" ,", ",")


def _apart(items: list[Item]) -> list[list[Item]]:
    """Return the arguments of a function."""
    found: list[list[Item]] = [[]]
    for item in items:
        if isinstance(item, Sign) and item.parts:
            found.append([])
        else:
            found[-1].append(item)
    return found
