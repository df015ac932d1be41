"""Choose the column that identifies the students, by what stands in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from worksheets.language import told
from worksheets.roster.apart import counts_rows
from worksheets.roster.cells import BLANKS
from worksheets.roster.columns import (
    NAMES,
    Columns,
    Headings,
    ambiguous,
    name_columns,
    text_at,
)
from worksheets.roster.normalised import normalised_id
from worksheets.tabular.row import Row


def choose_columns(head: Headings, rows: Sequence[Row]) -> tuple[Columns, list[str]]:
    """Return the columns that are needed, and a note where the headings alone did not decide.

    The identifier is the best of: what a school numbers students by, an ID that does not say whose,
    a platform's own ID, a login, a number, the email. A column that is empty, counts the rows or
    says the same of most students is none. One with gaps or doubles is passed over for one without,
    but never for names: then a missing ID is a fault. Where no column is left, the name identifies.

    Raises:
        InputError: if two columns identify equally well, or none does.
    """
    places = name_columns(head)
    texts = {place: _texts(rows, place) for place in head.claimants("id", "email")}
    faults = {place: _fault(head, rows, place, texts[place]) for place in texts}
    order = [*head.claimants("id"), *head.claimants("email")]
    if "id" in head.given:  # the user's word goes before what stands there
        faults[head.given["id"]] = ("", "")
    sound = [place for place in order if faults[place] == ("", "")]
    usable = sound or [place for place in order if not faults[place][0]]
    named = places.keys() & set(NAMES)
    if not usable and not named:
        usable = [place for place in order if any(texts[place])]
    chosen = _alone(head, usable, texts) if usable else None
    emails = [place for place in head.claimants("email") if any(texts[place])]
    if emails:
        places["email"] = _alone(head, [chosen] if chosen in emails else emails, texts)
    identifier = "name"
    if chosen is not None:
        identifier = head.claims[chosen][0]
        places[identifier] = chosen
    columns = Columns(head, places, identifier)
    return columns, [*_note(columns, order, faults)]


def _texts(rows: Sequence[Row], place: int) -> list[str]:
    return [text_at(row.cells, place).strip(BLANKS) for row in rows]


def _fault(head: Headings, rows: Sequence[Row], place: int, texts: list[str]) -> tuple[str, str]:
    """Return why a column identifies nobody, and why it does not identify everybody, or ''."""
    filled = [text for text in texts if text]
    if not filled:
        return told("is empty"), ""
    if counts_rows(head, rows, place):
        return told("only counts the rows"), ""
    different = len(set(map(normalised_id, filled)))
    if len(filled) > 2 and 2 * different <= len(filled):
        return told("says the same of several students"), ""
    if len(filled) < len(texts):
        return "", told("is empty in {place}", place=rows[texts.index("")].place)
    return "", "" if different == len(filled) else told("says the same of several students")


def _alone(head: Headings, places: Sequence[int], texts: Mapping[int, list[str]]) -> int:
    """Return the column with the best claim; others with as good a one say the same.

    Raises:
        InputError: if they do not.
    """
    role, rank = head.claims[places[0]]
    best = [place for place in places if head.claims[place] == (role, rank)]
    if any(texts[place] != texts[best[0]] for place in best):
        raise ambiguous(head, role, best)
    return best[0]


def _note(
    columns: Columns, order: Sequence[int], faults: Mapping[int, tuple[str, str]]
) -> list[str]:
    """Return the line on who identifies, if not the best heading says so."""
    head, role = columns.head, columns.identifier
    better = order if role == "name" else order[: order.index(columns.identifying)]
    reasons = [f"{head.label(place)} {''.join(faults[place])}" for place in better
               if "".join(faults[place])]  # fmt: skip
    because = told(", as {reasons}", reasons=told(" and ").join(reasons[:3])) if reasons else ""
    if role == "name":
        return [
            told(
                "{file}: the names identify the students{because}; a name that is corrected "
                "later gets another sheet, so a column of IDs or emails is better",
                file=head.file,
                because=because,
            )
        ]
    if "".join(faults[columns.identifying]) == told("only counts the rows"):
        return [
            told(
                "{file}: {identifying} only counts the rows, and identifies "
                "the students as nothing else does; who joins in the midst changes others' sheets",
                file=head.file,
                identifying=head.label(columns.identifying),
            )
        ]
    if reasons or role == "email":
        other = told("; another may be given, id=HEADING") if reasons else ""
        label = head.label(columns.identifying)
        return [
            told(
                "{file}: {label} identifies the students{because}{other}",
                file=head.file,
                label=label,
                because=because,
                other=other,
            )
        ]
    return []
