"""Worksheets on how language models are trained and aligned, with exact answer keys.

What a Python program calls is here, `import worksheets as ws`, and loads when it is first used.
"""

import sys
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from worksheets.api.classes import (
        class_set,
        course,
        order,
        print_again,
        read_course,
        read_roster,
    )
    from worksheets.api.learning import check, hint, screen_cells
    from worksheets.api.lessons import leaflet, lesson
    from worksheets.api.marks import mark, write_marks
    from worksheets.api.single import (
        files,
        from_id,
        from_ids,
        key_text,
        kind_names,
        kinds,
        sheet,
        sheets,
        stress,
        themes,
        use_secret,
        verify,
        write_files,
    )
    from worksheets.class_set.order import Order
    from worksheets.class_set.papers import Certificate
    from worksheets.course.plan import Course
    from worksheets.errors import InputError, NotProvedError
    from worksheets.exports.formats import FORMATS, OWN_FORMATS
    from worksheets.lessons.lesson import Lesson
    from worksheets.marking.marks import Marking
    from worksheets.marking.scheme import Scheme
    from worksheets.overview import KindSummary, LevelSummary, ThemeSummary
    from worksheets.roster.students import Student
    from worksheets.sheet import Sheet
    from worksheets.stress import Figures
    from worksheets.verify import Proof, Verification
    from worksheets.views.page import PAPERS, Page

__all__ = [
    "FORMATS",
    "OWN_FORMATS",
    "PAPERS",
    "Certificate",
    "Course",
    "Figures",
    "InputError",
    "KindSummary",
    "Lesson",
    "LevelSummary",
    "Marking",
    "NotProvedError",
    "Order",
    "Page",
    "Proof",
    "Scheme",
    "Sheet",
    "Student",
    "ThemeSummary",
    "Verification",
    "check",
    "class_set",
    "course",
    "files",
    "from_id",
    "from_ids",
    "hint",
    "key_text",
    "kind_names",
    "kinds",
    "leaflet",
    "lesson",
    "mark",
    "order",
    "print_again",
    "read_course",
    "read_roster",
    "screen_cells",
    "sheet",
    "sheets",
    "stress",
    "themes",
    "use_secret",
    "verify",
    "write_files",
    "write_marks",
]

_HOMES = {
    "FORMATS": "worksheets.exports.formats",
    "OWN_FORMATS": "worksheets.exports.formats",
    "PAPERS": "worksheets.views.page",
    "Certificate": "worksheets.class_set.papers",
    "Course": "worksheets.course.plan",
    "Figures": "worksheets.stress",
    "InputError": "worksheets.errors",
    "KindSummary": "worksheets.overview",
    "Lesson": "worksheets.lessons.lesson",
    "LevelSummary": "worksheets.overview",
    "Marking": "worksheets.marking.marks",
    "NotProvedError": "worksheets.errors",
    "Order": "worksheets.class_set.order",
    "Page": "worksheets.views.page",
    "Proof": "worksheets.verify",
    "Scheme": "worksheets.marking.scheme",
    "Sheet": "worksheets.sheet",
    "Student": "worksheets.roster.students",
    "ThemeSummary": "worksheets.overview",
    "Verification": "worksheets.verify",
    "check": "worksheets.api.learning",
    "class_set": "worksheets.api.classes",
    "course": "worksheets.api.classes",
    "files": "worksheets.api.single",
    "from_id": "worksheets.api.single",
    "from_ids": "worksheets.api.single",
    "hint": "worksheets.api.learning",
    "key_text": "worksheets.api.single",
    "kind_names": "worksheets.api.single",
    "kinds": "worksheets.api.single",
    "leaflet": "worksheets.api.lessons",
    "lesson": "worksheets.api.lessons",
    "mark": "worksheets.api.marks",
    "order": "worksheets.api.classes",
    "print_again": "worksheets.api.classes",
    "read_course": "worksheets.api.classes",
    "read_roster": "worksheets.api.classes",
    "screen_cells": "worksheets.api.learning",
    "sheet": "worksheets.api.single",
    "sheets": "worksheets.api.single",
    "stress": "worksheets.api.single",
    "themes": "worksheets.api.single",
    "use_secret": "worksheets.api.single",
    "verify": "worksheets.api.single",
    "write_files": "worksheets.api.single",
    "write_marks": "worksheets.api.marks",
}


def __getattr__(name: str) -> object:
    """Find what is asked for in the module where it stands."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)


class _Root(ModuleType):
    """This package, in which `sheet` is a function although there is a module of that name.

    Loading worksheets/sheet.py would put the module in the function's place; `kinds`, `files`,
    `verify`, `class_set` and `course` as well.
    """

    def __setattr__(self, name: str, value: object) -> None:
        if name not in _HOMES or not isinstance(value, ModuleType):
            super().__setattr__(name, value)


sys.modules[__name__].__class__ = _Root
