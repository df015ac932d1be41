"""IDs say everything that decides a sheet, and a slip of the pen is caught."""

import re
from itertools import pairwise, product
from unicodedata import category, normalize

import pytest
from hypothesis import given
from hypothesis import strategies as st

from worksheets import ids
from worksheets.errors import InputError
from worksheets.ids import Identity, parse
from worksheets.sheet import read_id
from worksheets.vocabulary.theme import built_in

# Crockford's base 32: no I, L, O or U.
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
KINDS = {"RLHF": (1, 2, 3)}
THEMES = ALPHABET[:-1]
CHARACTERS = st.sampled_from(ALPHABET)
FREE = st.builds(
    Identity,
    code=st.just("RLHF"),
    level=st.sampled_from(KINDS["RLHF"]),
    number=st.one_of(st.integers(0, 40), st.integers(0, ids.LARGEST_NUMBER)),
    theme=st.sampled_from(THEMES),
)
PUBLISHED = st.builds(
    Identity,
    code=st.just("RLHF"),
    level=st.sampled_from(KINDS["RLHF"]),
    number=st.integers(0, ids.LARGEST_NUMBER),
    edition=st.just("published"),
)
OWN_WORDS = st.builds(
    Identity,
    code=st.just("RLHF"),
    level=st.sampled_from(KINDS["RLHF"]),
    number=st.integers(0, ids.LARGEST_NUMBER),
    theme=st.just("Z"),
    own_theme=st.lists(CHARACTERS, min_size=4, max_size=4).map("".join),
)
IDENTITIES = st.one_of(FREE, PUBLISHED, OWN_WORDS)
EXAMPLES = [
    Identity("RLHF", 3, 7),
    Identity("RLHF", 1, 32**4 - 1, theme="D"),
    Identity("RLHF", 2, 32**4, edition="published"),
    Identity("RLHF", 2, 19, theme="Z", own_theme="2K0V"),
    Identity("RLHF", 3, ids.LARGEST_NUMBER, theme="Z", own_theme="Z00Z"),
]
EACH_EXAMPLE = pytest.mark.parametrize("identity", EXAMPLES, ids=lambda identity: identity.text)


def symbols(identity: Identity) -> str:
    return identity.text.replace("-", "")


def refused(text: str) -> str:
    with pytest.raises(InputError) as caught:
        parse(text, KINDS)
    assert repr(text) in str(caught.value)
    return str(caught.value).replace(repr(text), "")


def check_by_table(text: str) -> str:
    """The check character again: multiplication in GF(32) by logarithms of 2."""
    powers = [1]
    while len(powers) < 31:
        double = powers[-1] * 2
        powers.append(double ^ 0b100101 if double >= 32 else double)
    total = 0
    for place, character in enumerate(reversed(text), 1):
        value = ALPHABET.index(character)
        total ^= powers[(powers.index(value) + place) % 31] if value else 0
    return ALPHABET[total]


@given(identity=IDENTITIES)
def test_every_field_comes_back(identity: Identity) -> None:
    assert parse(identity.text, KINDS) == identity


@given(identity=IDENTITIES)
def test_an_id_has_its_printed_form(identity: Identity) -> None:
    letter = {"free": "F", "published": "P", "continued": "C"}[identity.edition]
    decided = f"{identity.level}{letter}{ALPHABET[ids.DRAW_VERSION]}{identity.theme}E"
    groups = identity.text.split("-")
    own = [identity.own_theme] if identity.own_theme else []
    assert groups[: 2 + len(own)] == ["RLHF", decided, *own]
    number, check = groups[2 + len(own) :]
    assert re.fullmatch(f"[{ALPHABET}]{{4}}|[{ALPHABET}]{{8}}", number)
    assert sum(ALPHABET.index(c) * 32**n for n, c in enumerate(number[::-1])) == identity.number
    assert len(number) == (4 if identity.number < 32**4 else 8)
    body = "".join(groups[:-1]).replace("L", "1")
    assert check == check_by_table(body)


@pytest.mark.parametrize(
    ("printed", "identity"),
    [
        ("RLHF-3F10E-0007-S", Identity("RLHF", 3, 7, version=1)),
        ("RLHF-1P10E-0001-0", Identity("RLHF", 1, 1, edition="published", version=1)),
        ("RLHF-2F1ZE-2K0V-000K-8", Identity("RLHF", 2, 19, "free", "Z", "2K0V", version=1)),
        ("RLHF-3F10S-0001-M", Identity("RLHF", 3, 1, language="es", version=1)),
    ],
)
def test_ids_read_as_they_have_always_been_printed(printed: str, identity: Identity) -> None:
    assert identity.text == printed


@pytest.mark.slow
def test_ids_are_unique() -> None:
    numbers = [*range(300), *range(32**4 - 3, 32**4 + 3), ids.LARGEST_NUMBER]
    themes = [(theme, "") for theme in THEMES] + [("Z", "0000"), ("Z", "0001")]
    made = [
        Identity("RLHF", level, number, edition, theme, own).text
        for level, number, edition, (theme, own) in product(
            (1, 2, 3), numbers, ("free", "published"), themes
        )
    ]
    assert len(set(made)) == len(made)


def wrong_part(place: int, wrong: str, identity: Identity) -> str:
    """What a message is to say of a wrong character at this place."""
    if place < 4:
        return "it starts with no known kind; kinds are RLHF"
    if place == 4 and wrong not in "123":
        return f"the level {wrong} is not one of 1, 2, 3"
    if place == 5 and wrong not in "FPC":
        return f"the edition {wrong} is not one of F (free), P (published), C (continued)"
    if place == 6:
        return f"the draw version {wrong} is not {ids.DRAW_VERSION}"
    own = 4 if wrong == "Z" else 0
    if place == 7 and len(symbols(identity)) - 10 - own not in (4, 8):
        return f"or the theme {wrong} mistyped"  # words of one's own have four characters more
    if place == 8 and wrong not in "ES":
        return f"the language {wrong} is not one of E, S"
    return "does not belong to what stands before it; one character is mistyped"


@EACH_EXAMPLE
def test_every_mistyped_character_is_caught_and_its_part_named(identity: Identity) -> None:
    right = symbols(identity)
    for place, wrong in product(range(len(right)), ALPHABET):
        if wrong != right[place].replace("L", "1"):
            said = refused(right[:place] + wrong + right[place + 1 :])
            assert wrong_part(place, wrong, identity) in said, (place, wrong)


@EACH_EXAMPLE
def test_swapped_neighbours_are_caught(identity: Identity) -> None:
    right = symbols(identity)
    for place, (first, second) in enumerate(pairwise(right)):
        if first != second:
            refused(right[:place] + second + first + right[place + 2 :])


@EACH_EXAMPLE
def test_a_lost_or_doubled_character_is_caught(identity: Identity) -> None:
    right = symbols(identity)
    for place in range(len(right)):
        lost = refused(right[:place] + right[place + 1 :])
        doubled = refused(right[:place] + right[place] + right[place:])
        if place > 8:
            assert "one may be missing or doubled" in lost
            assert "one may be missing or doubled" in doubled


@given(identity=IDENTITIES, wrong=st.characters(), place=st.integers(4, 30))
def test_a_strange_character_is_named(identity: Identity, wrong: str, place: int) -> None:
    plain = normalize("NFKC", wrong).upper()
    if any(one in ALPHABET or ord(one) in ids.LOOKALIKES for one in plain):
        return
    if all(
        one == "−" or category(one) in {"Pd", "Pc", "Zs", "Zl", "Zp", "Cc", "Cf"} for one in plain
    ):
        return
    right = symbols(identity)
    place = min(place, len(right) - 1)
    assert "never stands in an ID" in refused(right[:place] + wrong + right[place + 1 :])


# En and em dash, a hyphen that does not break, a minus; spaces without break or width; line ends.
BETWEEN = ("", " ", "-", "_", "–", "—", "\u2011", "−", "\u00a0", "\u200b", "\t", "\r\n")


@pytest.mark.parametrize("between", BETWEEN)
def test_an_id_copied_from_a_letter_is_read(between: str) -> None:
    text = Identity("RLHF", 3, 7).text
    assert parse(text.replace("-", between) + between, KINDS).text == text


def test_an_id_in_full_width_letters_is_read() -> None:
    text = Identity("RLHF", 3, 7).text
    wide = "".join(chr(ord(one) + 0xFEE0) for one in text)
    assert parse(wide, KINDS).text == text


@pytest.mark.slow
@given(identity=IDENTITIES, data=st.data())
def test_case_spaces_dashes_and_lookalikes_do_not_matter(
    identity: Identity, data: st.DataObject
) -> None:
    typed = ""
    for character in symbols(identity):
        alike = {"0": "0Oo", "1": "1IiLl", "L": "1IiLl"}.get(
            character, character + character.lower()
        )
        typed += data.draw(st.sampled_from(alike)) + data.draw(st.sampled_from(BETWEEN))
    assert parse(typed, KINDS) == identity


@pytest.mark.parametrize("version", [v for v in range(32) if v != ids.DRAW_VERSION])
def test_another_draw_version_is_refused_by_name(version: int) -> None:
    said = refused(Identity("RLHF", 2, 7, version=version).text)
    assert f"the draw version {ALPHABET[version]} is not {ids.DRAW_VERSION}" in said


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"code": "RMHF"}, "it starts with no known kind"),
        ({"level": 4}, "the level 4 is not one of 1, 2, 3"),
        ({"level": 0}, "the level 0 is not one of 1, 2, 3"),
        ({"edition": "published", "theme": "D"}, "the theme D"),
        ({"edition": "published", "theme": "Z", "own_theme": "0000"}, "the theme Z"),
    ],
)
def test_a_well_checked_id_that_was_never_printed_is_refused(
    wrong: dict[str, object], says: str
) -> None:
    assert says in refused(Identity(**{"code": "RLHF", "level": 1, "number": 7, **wrong}).text)


def test_an_id_of_a_theme_that_does_not_exist_is_refused() -> None:
    known = {theme.code for theme in built_in().values()}
    for code in sorted(set(THEMES) - known - {"0"}):
        with pytest.raises(InputError, match=f"there is no theme {code}"):
            read_id(Identity("RLHF", 1, 7, theme=code).text)


def test_a_number_has_one_way_to_be_written() -> None:
    body = "RLHF1F10E00000007"
    check = check_by_table(body.replace("L", "1"))
    assert "too many zeros" in refused(body + check)
    assert parse("RLHF1F10E0007" + check_by_table("R1HF1F10E0007"), KINDS).number == 7


@pytest.mark.parametrize("text", ["", "-", "R", "RLHF", "RLHF-", "7", "\n", "RLHF" * 50])
def test_what_is_no_id_at_all_is_refused(text: str) -> None:
    refused(text)
