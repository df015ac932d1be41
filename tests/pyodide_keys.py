"""Print a digest of the keys of every kind, level and language, for numbers that it is told.

And whether keys of rlhf are proved, whose laws need no SymPy, as a browser has none at first; then
whether those of all kinds are.
"""

import json
import os
import sys
from hashlib import sha256

from worksheets import exercise
from worksheets.ids import LANGUAGES, Identity
from worksheets.sheet import make
from worksheets.verify import verify

first, count = json.loads(os.environ.get("NUMBERS", "[1, 2]"))
for name, kind in exercise.all_kinds().items():
    for level in kind.LEVELS:
        for edition in exercise.editions(kind, level):
            made = make(  # at once, which takes two thirds of the time
                [
                    Identity(kind.CODE, level, number, edition, language=language)
                    for language in LANGUAGES.values()
                    for number in range(first, first + count)
                ]
            )
            for language in LANGUAGES.values():
                keys = [one.key() for one in made if one.identity.language == language]
                assert len(keys) == count
                digest = sha256(json.dumps(keys).encode()).hexdigest()
                sys.stdout.write(f"{name} {level} {edition} {language} {digest}\n")
for sheet in make([Identity("RLHF", level, first) for level in (1, 2, 3)]):
    sys.stdout.write(f"{sheet.id} {verify(sheet).proved}\n")
if sys.platform == "emscripten":
    from page_archives import unpack

    unpack("proofs.zip")
for kind in exercise.all_kinds().values():
    for sheet in make([Identity(kind.CODE, max(kind.LEVELS), first)]):
        sys.stdout.write(f"{sheet.id} {verify(sheet).proved}\n")
