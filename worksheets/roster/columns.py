"""Which column of a roster is what, by its heading or by the user's word."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from worksheets.errors import InputError
from worksheets.roster.headings import (
    CLAIMS,
    FAMILY_BESIDE_GIVEN,
    GERMAN_GIVEN,
    GIVEN_BESIDE_FAMILY,
    PLAIN_NAMES,
    key,
)
from worksheets.tabular.row import Row, shown

MOST_TOLD = 10
ROLES = ("id", "name", "first", "last", "email", "section")


@dataclass(frozen=True)
class Columns:
    """The headings of a file, and the places of the columns that are needed, by role."""

    headings: tuple[str, ...]
    places: Mapping[str, int]

    @property
    def identifier(self) -> str:
        """The role that tells students apart: the ID, else the email, else the name."""
        return next((role for role in ("id", "email") if role in self.places), "name")

    def notes(self, file: str) -> Iterator[str]:
        """What a teacher should know of how the file was read."""
        given = "which one it is may be given, name=HEADING"
        if not self.places.keys() & {"name", "first", "last"}:
            of = shown(self.headings[self.places[self.identifier]])
            yield f"{file}: no column of names is known; {of} stands in their place; {given}"
        used = set(self.places.values())
        unused = [place for place, one in enumerate(self.headings) if one and place not in used]
        if unused:
            more = f" and {len(unused) - MOST_TOLD} more" if len(unused) > MOST_TOLD else ""
            listed = ", ".join(map(self.label, unused[:MOST_TOLD]))
            yield f"{file}: not used: {listed}{more}"

    def label(self, place: int) -> str:
        """A column for a message, by letter and heading."""
        return f"column {letters(place)} ({shown(self.headings[place])})"


def heading_matcher(given: Mapping[str, str]) -> Callable[[str], bool]:
    """A function that says whether a heading means something, to itself or to the user."""
    keys = (CLAIMS.keys() | {key(value) for value in given.values()}) - {""}
    return lambda heading: key(heading) in keys


def letters(place: int) -> str:
    """A spreadsheet's name for a column: A is the first, AA the twenty-seventh."""
    text, rest = "", place + 1
    while rest:
        rest, digit = divmod(rest - 1, 26)
        text = chr(ord("A") + digit) + text
    return text


def find_columns(file: str, row: Row, given: Mapping[str, str]) -> Columns:
    """The columns that are needed; `given` maps roles to headings, letters or numbers.

    What the user gave goes before what the headings say, and a column given a role has no other.

    Raises:
        InputError: if a column that was given is not there, or none is known, or two claim a role.
    """
    headings = tuple(cell.strip() if isinstance(cell, str) else "" for cell in row.cells)
    where = f"{file} {row.place}"
    if unknown := sorted(given.keys() - set(ROLES)):
        raise InputError(f"column {shown(unknown[0])}: it is one of {', '.join(ROLES)}")
    places = {role: _given(where, headings, role, value) for role, value in given.items()}
    for role in ROLES:
        if role not in places:
            best = _claimants(headings, role, {places[role] for role in given})
            if len(best) > 1 and not _is_part(role, places):
                raise _ambiguous(where, headings, role, best)
            if best:
                places[role] = best[0]
    _settle_names(where, headings, places, given)
    if not places:
        raise InputError(
            f"{where}: none of the headings {_listed(headings)} is known; name the students' "
            "column 'ID' or 'Name', or say which it is",
            "columns",
            "id=HEADING",
        )
    return Columns(headings, places)


def _is_part(role: str, places: Mapping[str, int]) -> bool:
    """Whether a column of this role is only half a name that another column holds whole."""
    return role in {"first", "last"} and "name" in places


def _claimants(headings: tuple[str, ...], role: str, taken: set[int]) -> list[int]:
    """The columns with the best claim to a role, in order."""
    claims = {
        place: rank
        for place, heading in enumerate(headings)
        if place not in taken
        for claimed, rank in [CLAIMS.get(key(heading), ("", 0))]
        if claimed == role
    }
    return [place for place, rank in claims.items() if rank == min(claims.values())]


def _given(where: str, headings: tuple[str, ...], role: str, value: str) -> int:
    """The column that a user means by a heading, else by a letter or number."""
    for form in (str.strip, str.casefold, key):  # the closest likeness decides
        same = [
            place for place, heading in enumerate(headings)
            if heading and form(heading) == form(value.strip())
        ]  # fmt: skip
        if len(same) > 1:
            raise _ambiguous(where, headings, role, same)
        if same:
            return same[0]
    named = {letters(place): place for place in range(len(headings))}
    named |= {str(place + 1): place for place in range(len(headings))}
    if value.strip().upper() in named:
        return named[value.strip().upper()]
    raise InputError(
        f"{where}: column {role}={shown(value)}: there is no such column; there are "
        f"{_listed(headings)}, or A to {letters(len(headings) - 1)}, or 1 to {len(headings)}"
    )


def _settle_names(
    where: str, headings: tuple[str, ...], places: dict[str, int], given: Mapping[str, str]
) -> None:
    """Leave either a whole name or its parts.

    A plain "Name" beside only one part is the other part where the language says so.
    """
    parts = places.keys() & {"first", "last"}
    if "name" not in places or not parts:
        return
    if "name" in given and given.keys() & parts:
        raise InputError("column name: give either name, or first and last")
    plain = key(headings[places["name"]])
    if "name" in given or plain not in PLAIN_NAMES:
        whole = "name" in given or not given.keys() & parts
    elif len(parts) == 2:
        whole = not given.keys() & parts
    else:
        whole = False
        missing = _other_part(plain, parts, headings, places)
        if not missing:
            raise InputError(
                f"{where}: column {letters(places['name'])} ({shown(headings[places['name']])}) "
                f"may be the whole name or, beside {shown(headings[places[min(parts)]])}, only one "
                "part of it; say which",
                "columns",
                f"name={letters(places['name'])}",
                f"{min({'first', 'last'} - parts)}={letters(places['name'])}",
            )
        places[missing] = places["name"]
    for role in parts if whole else {"name"}:
        del places[role]


def _other_part(
    plain: str, parts: set[str], headings: tuple[str, ...], places: Mapping[str, int]
) -> str:
    """The part of a name that a plain "name" is beside the other one, or nothing."""
    if parts == {"last"}:
        return "first" if plain in GIVEN_BESIDE_FAMILY else ""
    german = plain == "name" and key(headings[places["first"]]) in GERMAN_GIVEN
    return "last" if german or plain in FAMILY_BESIDE_GIVEN else ""


def _ambiguous(where: str, headings: tuple[str, ...], role: str, best: list[int]) -> InputError:
    listed = " and ".join(f"{letters(place)} ({shown(headings[place])})" for place in best)
    return InputError(
        f"{where}: columns {listed} may each be the {role}; say which",
        "columns",
        f"{role}={letters(best[0])}",
    )


def _listed(headings: tuple[str, ...]) -> str:
    return ", ".join(shown(heading) for heading in headings if heading)
