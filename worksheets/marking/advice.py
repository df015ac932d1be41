"""Find the sentence that helps with a named mistake: the kind's own, or the program's."""

from __future__ import annotations

from functools import cache

from worksheets.language import ENGLISH, message, say_in
from worksheets.marking.follow import TOO_COARSE, TOO_FINE
from worksheets.sentences import Sentences

# Mistakes that are there whatever the kind.
ROUNDINGS = {
    TOO_FINE: message("advice: rounded too finely"),
    TOO_COARSE: message("advice: rounded too coarsely"),
}


@cache
def advice(kind: str, mistake: str, language: str = ENGLISH) -> str:
    """Return the sentence for the mistake of this name."""
    if mistake in ROUNDINGS:
        return say_in(language)(ROUNDINGS[mistake])
    return Sentences(kind, language).advice(mistake)
