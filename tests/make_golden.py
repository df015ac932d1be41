"""Write down some keys, to hold every later version to them: `python tests/make_golden.py`.

Only a new draw version has a reason to overwrite them: `--force`.
"""

import json
import sys
from itertools import product
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from worksheets.ids import Identity
from worksheets.sheet import make

GOLDEN = Path(__file__).with_name("golden.json")
# The second number needs the longer form of an ID.
NUMBERS = (7, 33_554_433)
PIRATE = Identity("RLHF", 2, NUMBERS[0], theme="P")


def identities() -> list[Identity]:
    """Every level and edition twice; one of them with a theme that its number does not draw."""
    some = [
        Identity("RLHF", level, number, edition)
        for level, edition, number in product((1, 2, 3), ("free", "published"), NUMBERS)
    ]
    return [*some, PIRATE]


def text() -> str:
    """One key a line, by ID."""
    keys = (sheet.key() for sheet in make(identities()))
    lines = (f"{json.dumps(key['id'])}: {json.dumps(key, ensure_ascii=False)}" for key in keys)
    return "{\n" + ",\n".join(lines) + "\n}\n"


def main(arguments: list[str], path: Path = GOLDEN) -> None:
    if arguments not in ([], ["--force"]):
        sys.exit("usage: make_golden.py [--force]")
    if path.exists() and not arguments:
        sys.exit(
            f"{path} exists: whoever printed these sheets relies on it. If the draw version is a "
            "new one, overwrite it with --force"
        )
    path.write_text(text(), "utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
