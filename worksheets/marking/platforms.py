"""Describe what learning platforms need of a file that their gradebooks take in.

The rules are those of the platforms' own documents:

- Canvas: Student, ID, SIS User ID, SIS Login ID and Section come first, in that order, then the
  assignment; a row "Points Possible" above the students has what it is out of.
- Moodle: ID number or email name the student; feedback stands beside its grade, as feedback without
  the grade would take the grade away. An assignment's own grading worksheet keeps all its columns;
  files of feedback go with it, in folders called NAME_PARTICIPANT_assignfeedback_file.
- Brightspace: OrgDefinedId, Username or both, NAME Points Grade, and a last column End-of-Line
  Indicator, with # in each row. Names are not imported.
- Blackboard: Username names the student; a column without an ID is a new one; every cell is quoted.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from worksheets.roster.headings import key

END_OF_LINE = "End-of-Line Indicator"


@dataclass(frozen=True)
class Platform:
    """Hold what a platform's import needs.

    `columns` are the keys of the export's headings that are taken over, in that order; those that
    `name` people have nothing by which to find them. `needed` has, of each group, one or more.
    `grade` makes the heading of a new grade of its name, and `known` finds the name in one's own
    heading; `remark` heads the feedback, if there is any.
    """

    name: str
    columns: Sequence[Sequence[str]]
    names: frozenset[str]
    needed: Sequence[frozenset[str]]
    grade: Callable[[str], str]
    known: re.Pattern[str]
    export: str
    remark: Callable[[str], str] | None = None
    end: str = ""
    quoting: int = csv.QUOTE_MINIMAL


def _keys(*headings: str) -> tuple[str, ...]:
    return tuple(map(key, headings))


FIRST = _keys("First name", "Vorname", "Prénom", "Nombre", "Nome", "Voornaam")
LAST = _keys("Last name", "Surname", "Nachname", "Nom", "Nom de famille", "Apellido(s)", "Cognome")
NUMBER = _keys("ID number", "ID-Nummer", "Numéro d’identification", "Número de ID", "Codice ID")
EMAIL = _keys("Email address", "E-Mail-Adresse", "Adresse de courriel", "Dirección de correo")
PLATFORMS = {
    "canvas": Platform(
        "Canvas",
        [
            *map(
                _keys,
                ("Student", "LastName", "FirstName", "ID", "SIS User ID", "SIS Login ID"),
            ),
            *map(_keys, ("Integration ID", "Root Account", "Section")),
        ],
        frozenset(_keys("Student", "LastName", "FirstName", "Root Account", "Section")),
        [
            frozenset(_keys("Student", "LastName")),
            frozenset(_keys("ID")),
            frozenset(_keys("Section")),
        ],
        str,
        re.compile(r"(?P<name>.*?)(?:\s*\(\d+\))?"),
        "Gradebook, Export",
    ),
    "moodle": Platform(
        "Moodle",
        [FIRST, LAST, NUMBER, _keys("Username", "Anmeldename", "Nom d’utilisateur"), EMAIL],
        frozenset((*FIRST, *LAST)),
        [frozenset((*NUMBER, *EMAIL, *_keys("Username", "Anmeldename", "Nom d’utilisateur")))],
        str,
        re.compile(r"(?:[^:]+: ?)?(?P<name>.*?)(?: \([^()]*\))?"),
        "Grades, Export, Plain text file",
        lambda heading: f"{heading} (Feedback)",
    ),
    "brightspace": Platform(
        "Brightspace",
        [*map(_keys, ("OrgDefinedId", "Username"))],
        frozenset(),
        [frozenset(_keys("OrgDefinedId", "Username"))],
        lambda name: f"{name} Points Grade",
        re.compile(r"(?P<name>.*?) Points Grade\b.*"),
        "Grades, Enter Grades, Export",
        end=END_OF_LINE,
    ),
    "blackboard": Platform(
        "Blackboard",
        [*map(_keys, ("Last Name", "First Name", "Username", "Student ID"))],
        frozenset(_keys("Last Name", "First Name")),
        [frozenset(_keys("Username"))],
        str,
        re.compile(r"(?P<name>.*?)(?: \[Total Pts:.*)?"),
        "Gradebook, Download Grades",
        quoting=csv.QUOTE_ALL,
    ),
}
