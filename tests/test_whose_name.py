"""The name on a sheet: whose it is, and when it is another's."""

import pytest

from worksheets.marking.names import Names
from worksheets.marking.register import RegisteredStudent

CLASS = [
    RegisteredStudent(place, identifier, name, section)
    for place, (identifier, name, section) in enumerate(
        [
            ("4711", "Ada Lovelace", "7a"),
            ("4712", "José Ángel García-Márquez", "7a"),
            ("4713", "Łukasz Żółtowski", "7b"),
            ("4714", "Siobhán O’Brien", "7b"),
            ("a-5", "Müller, Robert", "8"),
            ("4716", "Ada King", "7a"),
            ("4717", "Ada King Noel", "7b"),
            ("4718", "王小明", "7b"),
            ("4719", "Jana Kowalski", "7b"),
            ("4720", "Jan Kowalski", "7b"),
            ("4721", "Anna", "7b"),
        ]
    )
]
NAMES = Names(CLASS)
OWN = {
    "4711": ["", "Ada", "lovelace, ADA", "A. Lovelace", "Ada Lovelase", "Ada Lovelace 7a", "4711",
             "Ada Augusta Lovelace", "Ada Lovelace, 28.11.2026", "ada 4711", "Ada L."],
    "4712": ["Jose Garcia", "García-Márquez José", "José Ángel", "Jose Angel Garcia Marquez"],
    "4713": ["Lukasz Zoltowski", "ŁUKASZ"],
    "4714": ["Siobhan OBrien", "O'Brien"],
    "a-5": ["Robert Mueller", "Rob Müller", "a-5"],
    "4716": ["Ada King", "King"],
    "4717": ["Ada King Noel", "Ada Noel"],
    "4718": ["王小明"],
    "4720": ["Jan Kowalski"],
    "4721": ["Anna Lovelace"],
}  # fmt: skip
OTHERS = {
    "4711": ["Ada Byron", "Byron Lovelace", "Ben", "Ada King", "Someone Else 9999", "4712",
             "Ada Lovelace 4712", "Ada Byron 7a"],
    "4712": ["José Ángel Pérez", "Ada Lovelace"],
    "4713": ["Łukasz Nowak"],
    "4716": ["Ada King Noel"],
    "4718": ["王小红"],
    "4719": ["Jan Kowalski"],
    "4720": ["Jana Kowalski"],
    "4721": ["Bob"],
}  # fmt: skip


@pytest.mark.parametrize(
    ("identifier", "written", "another"),
    [(one, text, False) for one, texts in OWN.items() for text in texts]
    + [(one, text, True) for one, texts in OTHERS.items() for text in texts],
)
def test_a_name_is_anothers(identifier, written, another):
    (student,) = (one for one in CLASS if one.identifier == identifier)
    assert NAMES.is_another(written, student) == another
