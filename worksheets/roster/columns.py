"""Find which column of a roster is what, by its heading or by the user's word."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field

from worksheets.errors import InputError
from worksheets.language import told
from worksheets.roster.headings import (
    FAMILY_BESIDE_GIVEN,
    GERMAN_GIVEN,
    GIVEN_BESIDE_FAMILY,
    PLAIN_NAMES,
    claim,
    key,
    may_be_part_of_name,
)
from worksheets.tabular.row import Cell, Row, shown

MOST_TOLD = 10
ROLES = ("id", "name", "first", "last", "email", "section")
NAMES = ("name", "first", "last")
MORE_OF_LAST = ("infix", "second")  # before and behind the last name's column
# WebUntis and Untis head the family name so, and call a login "name".
CALLED = 2  # the rank of headings such as "Preferred name" and "Display name"
LONG_NAMES = {"longname", "langname"}


@dataclass(frozen=True)
class Headings:
    """Hold the row of headings, and each column's claim: a role and a rank, 0 the best.

    A column that the user named has rank −1 in that role and claims no other.
    """

    file: str
    row: Row
    given: Mapping[str, int]
    texts: tuple[str, ...] = field(init=False)
    claims: Mapping[int, tuple[str, float]] = field(init=False)

    def __post_init__(self) -> None:
        texts = heading_texts(self.row)
        said = {place: (role, -1.0) for role, place in self.given.items()}
        claimed = {
            place: found
            for place, text in enumerate(texts)
            if place not in said and (found := claim(text)) and found[0] not in self.given
        }
        object.__setattr__(self, "texts", texts)
        object.__setattr__(self, "claims", claimed | said)

    @property
    def where(self) -> str:
        """Return the file and the row, for a message."""
        return f"{self.file} {self.row.place}"

    def claimants(self, *roles: str) -> list[int]:
        """Return the columns that claim one of these roles, the best claims first."""
        found = [place for place, (role, _) in self.claims.items() if role in roles]
        return sorted(found, key=lambda place: (self.claims[place][1], place))

    def label(self, place: int) -> str:
        """Return a column for a message, by letter and heading."""
        heading = shown(self.texts[place]) if self.texts[place] else told("without a heading")
        return told("column {place} ({heading})", place=letters(place), heading=heading)


@dataclass(frozen=True)
class Columns:
    """Hold the places of the columns that are needed, by role, and the role that identifies."""

    head: Headings
    places: Mapping[str, int]
    identifier: str  # "id", "email" or "name"

    @property
    def identifying(self) -> int:
        """Return the place of the column that identifies, or of a name's first one."""
        roles = NAMES if self.identifier == "name" else (self.identifier,)
        return next(self.places[role] for role in roles if role in self.places)

    def label(self, role: str) -> str:
        """Return a role's column for a message."""
        return self.head.label(self.places[role])

    def notes(self, otherwise: Set[int], rows: Sequence[Row]) -> Iterator[str]:
        """Yield what a teacher should know of the columns that are not used, nor used otherwise.

        One without a heading is told if something stands in it, as it may be half of the names.
        """
        file = self.head.file
        if not self.places.keys() & set(NAMES):
            of = shown(self.head.texts[self.identifying])
            yield (
                told(
                    "{file}: no column of names is known; {column} stands in their place; "
                    "which one it is may be given, name=HEADING",
                    file=file,
                    column=of,
                )
            )
        used = {*self.places.values(), *otherwise}
        unused = [
            place
            for place, text in enumerate(self.head.texts)
            if place not in used
            and (text or any(text_at(row.cells, place).strip() for row in rows))
        ]
        if unused:
            yield told(
                "{file}: not used: {columns}",
                file=file,
                columns=in_a_row(map(self.head.label, unused), len(unused)),
            )


def in_a_row(texts: Iterator[str], count: int) -> str:
    """Return the first ten of some texts with commas, and the number of the others."""
    first = [text for text, _ in zip(texts, range(MOST_TOLD), strict=False)]
    more = told(" and {count} more", count=count - MOST_TOLD) if count > MOST_TOLD else ""
    return ", ".join(first) + more


def letters(place: int) -> str:
    """Return a spreadsheet's name for a column: A is the first, AA the twenty-seventh.

    openpyxl has such a function too, but takes 0.2 s to load, which a CSV file goes without.
    """
    text, rest = "", place + 1
    while rest:
        rest, digit = divmod(rest - 1, 26)
        text = chr(ord("A") + digit) + text
    return text


def heading_texts(row: Row) -> tuple[str, ...]:
    """Return the headings without white space around them; what is no text is none."""
    return tuple(cell.strip() if isinstance(cell, str) else "" for cell in row.cells)


def named_columns(file: str, row: Row, given: Mapping[str, str]) -> Headings:
    """Return the headings, with the columns that the user named by heading, letter or number.

    Raises:
        InputError: if there is no such column or role, both a name and its parts are given, or no
            heading says who the students are.
    """
    if unknown := sorted(given.keys() - set(ROLES)):
        raise InputError(
            told(
                "column {role}: it is one of {roles}",
                role=shown(unknown[0]),
                roles=", ".join(ROLES),
            )
        )
    if "name" in given and given.keys() & {"first", "last"}:
        raise InputError(told("column name: give either name, or first and last"))
    where, texts = f"{file} {row.place}", heading_texts(row)
    head = Headings(
        file, row, {role: _given(where, texts, role, value) for role, value in given.items()}
    )
    if not head.claimants("id", "email", *NAMES):
        raise InputError(
            told(
                "{where}: none of the headings {texts} says who the students are; if the "
                "headings stand further below, delete the rows above them; else name the students' "
                "column 'ID' or 'Name', or say which it is",
                where=where,
                texts=_listed(texts),
            ),
            "columns",
            "id=HEADING",
        )
    return head


def name_columns(head: Headings) -> dict[str, int]:
    """Return the columns of names, a whole one or its parts, and the section, by role.

    Raises:
        InputError: if two columns claim a role alike, or half of a name may be lost.
    """
    places: dict[str, int] = {}
    for role in ("name", "first", "last", "section"):
        best = _best(head, role)
        if len(best) > 1 and not (role in {"first", "last"} and "name" in places):
            raise ambiguous(head, role, best)
        if best:
            places[role] = best[0]
    _settle_names(head, places)
    if "last" in places:
        places |= {role: best[0] for role in MORE_OF_LAST if (best := _best(head, role))}
    _refuse_half(head, places)
    return places


def _best(head: Headings, role: str) -> list[int]:
    """Return the columns with the best claim to a role."""
    found = head.claimants(role)
    return [place for place in found if head.claims[place] == head.claims[found[0]]]


def _given(where: str, headings: tuple[str, ...], role: str, value: str) -> int:
    """Return the column that a user means by a heading, else by a letter or number."""
    for form in (str.strip, str.casefold, key):  # the closest likeness decides
        same = [
            place for place, heading in enumerate(headings)
            if heading and form(heading) == form(value.strip())
        ]  # fmt: skip
        if len(same) > 1:
            raise _say_which(where, headings, role, same)
        if same:
            return same[0]
    named = {letters(place): place for place in range(len(headings))}
    named |= {str(place + 1): place for place in range(len(headings))}
    if value.strip().upper() in named:
        return named[value.strip().upper()]
    raise InputError(
        told(
            "{where}: column {role}={value}: there is no such column; there are "
            "{headings}, or A to {last}, or 1 to {count}",
            where=where,
            role=role,
            value=shown(value),
            headings=_listed(headings),
            last=letters(len(headings) - 1),
            count=len(headings),
        )
    )


def _settle_names(head: Headings, places: dict[str, int]) -> None:
    """Leave either a whole name or its parts.

    A plain "Name" beside only one part is the other part where the language says so; a nickname or
    display name beside both is no whole name.
    """
    given, parts = head.given, places.keys() & {"first", "last"}
    if "name" not in places or not parts:
        return
    plain = key(head.texts[places["name"]])
    if "name" not in given and len(parts) == 2 and head.claims[places["name"]][1] >= CALLED:
        whole = False
    elif "name" in given or plain not in PLAIN_NAMES:
        whole = "name" in given or not given.keys() & parts
    elif len(parts) == 2:
        login = key(head.texts[places["last"]]) in LONG_NAMES
        whole = not login and not given.keys() & parts
    else:
        whole = False
        missing = _other_part(plain, parts, head, places)
        if not missing:
            label = letters(places["name"])
            raise InputError(
                told(
                    "{where}: {places} may be the whole name or, beside "
                    "{texts}, only one part of it; say which",
                    where=head.where,
                    places=head.label(places["name"]),
                    texts=shown(head.texts[places[min(parts)]]),
                ),
                "columns",
                f"name={label}",
                f"{min({'first', 'last'} - parts)}={label}",
            )
        places[missing] = places["name"]
    for role in parts if whole else {"name"}:
        del places[role]


def _other_part(plain: str, parts: set[str], head: Headings, places: Mapping[str, int]) -> str:
    """Return the part of a name that a plain "name" is beside the other one, or nothing."""
    if parts == {"last"}:
        return "first" if plain in GIVEN_BESIDE_FAMILY else ""
    german = plain == "name" and key(head.texts[places["first"]]) in GERMAN_GIVEN
    return "last" if german or plain in FAMILY_BESIDE_GIVEN else ""


def _refuse_half(head: Headings, places: Mapping[str, int]) -> None:
    """Refuse a part of a name whose other part may stand under a heading that is not known."""
    parts = places.keys() & {"first", "last"}
    if len(parts) != 1 or "name" in places:
        return
    (part,) = parts
    for place, text in enumerate(head.texts):
        if place not in head.claims and may_be_part_of_name(text):
            other, label = min({"first", "last"} - parts), letters(place)
            raise InputError(
                told(
                    "{where}: {places} is a part of the name, and "
                    "{place} may be the other; say it, or that the first is all,",
                    where=head.where,
                    places=head.label(places[part]),
                    place=head.label(place),
                ),
                "columns",
                f"{other}={label}",
                f"name={letters(places[part])}",
            )


def ambiguous(head: Headings, role: str, best: list[int]) -> InputError:
    """Return the error that several columns may be of a role."""
    return _say_which(head.where, head.texts, role, best)


def _say_which(where: str, headings: tuple[str, ...], role: str, best: list[int]) -> InputError:
    listed = told(" and ").join(f"{letters(place)} ({shown(headings[place])})" for place in best)
    return InputError(
        told(
            "{where}: columns {listed} may each be the {role}; say which",
            where=where,
            listed=listed,
            role=role,
        ),
        "columns",
        f"{role}={letters(best[0])}",
    )


def _listed(headings: tuple[str, ...]) -> str:
    texts = [shown(heading) for heading in headings if heading]
    return in_a_row(iter(texts), len(texts))


def text_at(cells: tuple[Cell, ...], place: int) -> str:
    """Return what a row shows in a column."""
    cell = cells[place] if place < len(cells) else ""
    return cell if isinstance(cell, str) else cell.shown or cell.reason
