"""Write the class report: what a class can do, and where it needs help, as HTML and as PDF."""

from __future__ import annotations

from itertools import chain

from worksheets.errors import InputError
from worksheets.marking.heat_map import Shares
from worksheets.marking.marks import Mark, Marking
from worksheets.marking.remarks import teachers
from worksheets.marking.report_section import LONGEST_CELL, LONGEST_SOURCE, report_section
from worksheets.marking.sanitise import UNKNOWN, drawable, tidy
from worksheets.marking.sections import absent, by_family, by_section
from worksheets.render.page import PAPERS, template
from worksheets.render.unsupported import unsupported

MOST_ROWS = 100  # of a list; marks.json has all
TEMPLATE = "report.html.jinja"


def as_html(marking: Marking, paper: str) -> str:
    """Write the report as one file that needs no other."""
    families = [
        [report_section(section, sheets, paper) for section, sheets in by_section(marking, family)]
        for family in by_family(marking)
    ]
    return template(TEMPLATE).render(
        marking=marking,
        sections=list(chain(*families)),
        compared=[
            [*parts, report_section("", family, paper)]
            for parts, family in zip(families, by_family(marking), strict=True)
            if len(parts) > 1
        ],
        grades=[Shares(100, {Mark.RIGHT: least}) for least in (95, 80, 60, 30, 10)],
        most=MOST_ROWS,
        absent=absent(marking),
        by_hand=[
            (tidy(one.name or one.student, LONGEST_CELL), one.sheet.id, sentence)
            for one in marking.marked
            if one.is_overridden
            for _, some in sorted(teachers(one).items())
            for sentence in some
        ],
        source=lambda text: tidy(text, LONGEST_SOURCE),
        paper_width=PAPERS[paper][0],
        paper_height=PAPERS[paper][1],
    )


def as_pdf(html: str) -> bytes:
    """Print the report. A character that no font of the machine has is an empty square.

    Raises:
        InputError: if the renderer, or a C library of its, is not installed.
    """
    try:
        from worksheets.render.pdf import own_styled_pdf
    except OSError as error:
        raise InputError(f"a C library is missing: {error}") from None

    html = drawable(html)
    with unsupported() as missing:
        content = own_styled_pdf(html)
    if not missing:
        return content
    return own_styled_pdf(html.translate(dict.fromkeys(map(ord, missing), UNKNOWN)))
