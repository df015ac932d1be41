"""Files with faults in them, drawn from the run's seed: 200 of each kind, and 5,000 in a sweep."""

from random import Random

import whole_run

MANY = 5_000 if whole_run.sweeps() else 200
TOKENS = (
    b'"', b"'", b",", b";", b"\t", b"\n", b"\r\n", b"\0", b"\xff", b"\xef\xbb\xbf", b"=", b"#",
    b"]", b"{", b"}", b"1e999", b"-", b"0" * 30, "\u202e".encode(), "İ".encode(), b"9" * 400, b".",
    b"ID", b"Name", b"Total", b"Points Possible", b"</td>", b"null", b"true", b"\xed\xa0\x80",
    b"\\u0000", b"[",
)  # fmt: skip


def mutations(bases):
    """Yield files: each a base with one to six bytes or parts changed, added, doubled or gone."""
    random = Random(whole_run.seed())
    for _ in range(MANY):
        yield mutated(random.choice(bases), random)


def mutated(base, random, tokens=TOKENS, most=6):
    data = bytearray(base)
    for _ in range(random.randint(1, most)):
        at, size = random.randrange(len(data) + 1), random.choice((1, 1, 2, 8, 40))
        how = random.randrange(5)
        if how == 0:
            data[at : at + size] = random.choice(tokens)
        elif how == 1:
            data[at:at] = random.choice(tokens) * random.choice((1, 1, 2, 50))
        elif how == 2:
            del data[at : at + size]
        elif how == 3:
            data[at:at] = data[at : at + 10 * size]
        elif at < len(data):
            data[at] ^= 1 << random.randrange(8)
    return bytes(data)
