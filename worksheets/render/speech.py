"""Give templates their messages in a sheet's language, with values filled in."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from worksheets.language import counted, say_in

BRACED = re.compile(r"\{([\w.]+)\}")
NOTHING: Mapping[str, Any] = {}


def speech(language: str, shown: Mapping[str, str] = NOTHING) -> dict[str, Callable[..., str]]:
    """Return templates' functions: `_`, and `ngettext` for a message that counts something.

    In a message there may stand in braces: names of values that come with it, words of the sheet,
    "{subject}", and its constants, "{constant.rate}".
    """
    say = say_in(language)

    def said(text: str, /, **values: object) -> str:
        return filled_in(say(text), shown, values)

    def of_several(one: str, many: str, count: int) -> str:
        return filled_in(counted(language, one, many, count), shown, {"count": count})

    return {"_": said, "ngettext": of_several}


def filled_in(text: str, shown: Mapping[str, str], values: Mapping[str, object] = NOTHING) -> str:
    """Replace names in braces by values and by the sheet's own texts."""

    def value(found: re.Match[str]) -> str:
        if found[1] in values:
            return str(values[found[1]])
        return shown[found[0]] if found[0] in shown else shown[found[1]]

    return BRACED.sub(value, text)
