"""Write down some keys of a kind, to hold every later version to them.

Their answers are those of the kind's second, plain implementation, from what the program gave.
`python tests/make_golden.py KIND` writes `tests/golden/KIND.json`. Only a new draw version, or a
kind that was never released, has a reason to overwrite it: `--force`.
"""

import json
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

from worksheets.exercise import editions, find
from worksheets.ids import Identity
from worksheets.sheet import make

FOLDER = Path(__file__).with_name("golden")
# The second number needs the longer form of an ID.
NUMBERS = (7, 33_554_433)


def identities(kind: str) -> list[Identity]:
    """Every level and edition twice; one of them with a theme that its number does not draw."""
    declared = find(kind)
    some = [
        Identity(declared.CODE, level, number, edition)
        for level in declared.LEVELS
        for edition in editions(declared, level)
        for number in NUMBERS
    ]
    if declared.PHRASES:
        some.append(Identity(declared.CODE, 2, NUMBERS[0], theme="P"))
    return some


def text(kind: str) -> str:
    """One key a line, by ID."""
    keys = (answered(kind, sheet.key()) for sheet in make(identities(kind)))
    lines = (f"{json.dumps(key['id'])}: {json.dumps(key, ensure_ascii=False)}" for key in keys)
    return "{\n" + ",\n".join(lines) + "\n}\n"


def answered(kind: str, key: dict[str, Any]) -> dict[str, Any]:
    """The key with the answers of the plain implementation, which looks at the givens alone."""
    right = import_module(f"plain_{kind}").recompute(key)
    for line in key["lines"]:
        if line["role"] == "answer":
            line["values"] = right[line["name"]]
    return key


def main(arguments: list[str], folder: Path = FOLDER) -> None:
    match arguments:
        case [kind]:
            force = False
        case [kind, "--force"]:
            force = True
        case _:
            sys.exit("usage: make_golden.py KIND [--force]")
    path = folder / f"{kind}.json"
    if path.exists() and not force:
        sys.exit(
            f"{path} exists: whoever printed these sheets relies on it. If the draw version is a "
            "new one, overwrite it with --force"
        )
    path.write_text(text(kind), "utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
