"""Mend identifiers that a spreadsheet or platform changed, where it is certain what they were."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from worksheets.errors import InputError
from worksheets.language import told
from worksheets.roster.cells import BLANKS
from worksheets.tabular.row import shown

# ="0071" keeps zeros in a CSV that a spreadsheet opens.
QUOTED = re.compile(r'="([^"]*)"')
APOSTROPHE = re.compile(r"['’‘`´](\d.*)")
HASH = re.compile(r"#(\S.*)")
DECIMALS = re.compile(r"(\d+)[.,]0+")
# 1.23457E+11 or Java's 1.23457E11: only the first digits are left of the number.
SHORTENED = re.compile(r"\d(?:[.,]\d+)?[Ee]\+\d+|\d[.,]\d+[Ee]-?\d+")
POWER = re.compile(
    r"\d+[Ee](\d+)"
)  # 1E5 may be such a number, and 7E1 the first student of class 7E
LEAST_POWER = 5  # shorter numbers are written out by every program
# #N/A, #REF!, #WERT! and the like, and what a column that is too narrow shows.
FAILED = re.compile(r"#(?:N/A|N/V|NV|[A-ZÄÖÜÉÍÓÚ/]+\d?[!?])|#{3,}")
EXACT = 15  # digits of a number that a spreadsheet keeps
GROUPED = re.compile(r"[1-9]\d{0,2}(?:([.,'’ \u00a0\u202f])\d{3})+")
CUT = re.compile(r"[1-9]\d{14}0+")
MONTH = "jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|mär|mai|okt|dez"
DATE = re.compile(rf"(?:\d{{1,2}}[-. ](?:{MONTH})|(?:{MONTH})[-. ]\d{{2}})", re.IGNORECASE)


@dataclass(frozen=True)
class Repair:
    """Mend a column's identifiers: by a pattern whose group is the identifier as it was."""

    pattern: re.Pattern[str] | None = None
    example: str = ""

    def mended(self, text: str) -> str:
        """Return the identifier as it was before it was changed.

        Raises:
            InputError: if it is lost, or digits of it are; the caller adds where it stands.
        """
        bare = text.strip(BLANKS)
        if FAILED.fullmatch(bare):
            raise InputError(
                told(
                    "{text} stands where a spreadsheet had no value to show; widen the column "
                    "or type the identifier, and save the list again",
                    text=shown(bare),
                )
            )
        if self.pattern and (match := self.pattern.fullmatch(bare)):
            text = bare = match[1]
        if SHORTENED.fullmatch(bare):
            raise InputError(
                told(
                    "{text} is a number of which a spreadsheet kept the first digits only; export "
                    "the list again and do not save it in a spreadsheet, or give the column the "
                    "format Text there and type it",
                    text=shown(bare),
                )
            )
        return text

    @property
    def note(self) -> str:
        """Tell the teacher what was mended, by an example."""
        return told(
            "{example} is read as {mended}",
            example=shown(self.example),
            mended=shown(self.mended(self.example)),
        )


def repair_of(texts: Sequence[str]) -> Repair:
    """Return how to mend a column: what all of it has was added, and so was an apostrophe."""
    filled = [text for text in texts if text]
    for pattern, everywhere in ((QUOTED, False), (APOSTROPHE, False), (HASH, True)):
        found = [text for text in filled if pattern.fullmatch(text)]
        if found and (not everywhere or len(found) == len(filled)):
            return Repair(pattern, found[0])
    decimal = [text for text in filled if "." in text or "," in text]
    if decimal and all(map(DECIMALS.fullmatch, decimal)):
        return Repair(DECIMALS, decimal[0])
    return Repair()


def doubts(texts: Sequence[str]) -> list[str]:
    """Return what may have been changed, though nobody can tell, one a line."""
    found = []
    if dates := [text for text in texts if DATE.fullmatch(text)]:
        found.append(
            told(
                "{text} looks like a date that a spreadsheet made of an identifier",
                text=shown(dates[0]),
            )
        )
    grouped = [text for text in texts if GROUPED.fullmatch(text)]
    if grouped and len(grouped) == len(list(filter(None, texts))):
        found.append(
            told(
                "{text} has separators that a spreadsheet may have put between its digits",
                text=shown(grouped[0]),
            )
        )
    digits = [text for text in texts if text.isascii() and text.isdigit()]
    powers = [match for text in texts if text.isascii() and (match := POWER.fullmatch(text))]
    large = all(int(match[1][-3:]) >= LEAST_POWER for match in powers)
    numbers = len(powers) + len(digits) == len(list(filter(None, texts)))
    if powers and numbers and (digits or large):
        found.append(
            told(
                "{text} may be a number of which a spreadsheet kept the first digits "
                "only; if it is, export the list again, and do not save it in a spreadsheet",
                text=shown(powers[0][0]),
            )
        )
    long = [text for text in digits if len(text) > EXACT]
    if long and all(map(CUT.fullmatch, long)):
        found.append(
            told(
                "{text} ends in zeros from the {place}th digit on; a spreadsheet may "
                "have put them there",
                text=shown(long[0]),
                place=EXACT + 1,
            )
        )
    if 2 * len(digits) > len(texts) and (zeros := [text for text in digits if text[0] == "0"]):
        width = len(zeros[0])
        shorter = [text for text in digits if len(text) < width]
        if shorter and all(len(text) == width for text in zeros):
            found.append(
                told(
                    "{text} is shorter than {other}; a spreadsheet may have "
                    "taken its leading zeros",
                    text=shown(shorter[0]),
                    other=shown(zeros[0]),
                )
            )
    return found
