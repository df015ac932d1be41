"""Whatever a teacher's TOML file holds, it is read as another reader does, or refused at once."""

from fractions import Fraction
from pathlib import Path

import pytest

from worksheets.course.plan import read_course
from worksheets.errors import InputError
from worksheets.marking.scheme import read_scheme
from worksheets.toml_file import LARGEST_FILE, parsed, read_toml, shown
from worksheets.vocabulary.theme import find

DEEP = "brackets or names with points within more than 10 others"
LARGE = "a number with more than 15 digits"
BROKEN = [
    (f"a = {'[' * 3000}{']' * 3000}", DEEP),
    (f"a = {'{a=' * 3000}1{'}' * 3000}", DEEP),
    (f"{'.'.join('a' * 11)} = 1", DEEP),
    (f"{' . '.join('a' * 40_000)} = 1", DEEP),
    (f"x = 1\n[{'.'.join('a' * 40_000)}]", DEEP),
    (f"a = {'[' * 10}{']' * 10}", DEEP),
    (f"a = {'9' * 5000}", LARGE),
    (f"a = -{'9' * 16}", LARGE),
    (f"a = 0x{'f' * 10_000}", LARGE),
    ("a = 1e999999999", LARGE),
    ("a = 1e99999999999999999999", LARGE),
    ("a = -9e-99999999999999999999", LARGE),
    ("a = 1e-999999999", LARGE),
    (f"a = 0.{'1' * 10_000}", LARGE),
    ("a = nan", "nan is no number here"),
    ("a = -inf", "-inf is no number here"),
    ("a = 1\nb = [", "not TOML: "),
    ("a = 1\na = 2", "not TOML: "),
    ("a = '\0'", "not TOML: "),
    ("a = 9999-99-99", "not TOML: "),
]
READERS = {
    "theme file": lambda path: find(str(path)),
    "course": read_course,
    "scheme": read_scheme,
}


@pytest.mark.parametrize(("text", "says"), BROKEN, ids=range(len(BROKEN)))
@pytest.mark.parametrize("what", READERS)
def test_every_reader_refuses_it_by_file(tmp_path, text, says, what):
    path = tmp_path / "own.toml"
    path.write_text(text, "utf-8")
    with pytest.raises(InputError) as refused:
        READERS[what](path)
    too_large = what == "theme file" and len(text) > 20_000
    assert str(refused.value).startswith(f"{what} {path}: ")
    assert ("more than" if too_large else says) in str(refused.value)
    assert len(str(refused.value)) < len(str(path)) + 200


@pytest.mark.parametrize("what", READERS)
def test_every_reader_refuses_what_is_no_text_or_no_file(tmp_path, what):
    path = tmp_path / "own.toml"
    for content, says in (
        (b"a = 1\nb = '\xf6'", ", line 2: not UTF-8 text; save it as UTF-8"),
        (b"#" * (LARGEST_FILE + 1), ": more than "),
        (None, ": Is a directory"),
    ):
        path.unlink(missing_ok=True)
        path.mkdir() if content is None else path.write_bytes(content)
        with pytest.raises(InputError) as refused:
            READERS[what](path)
        assert str(refused.value).startswith(f"{what} {path}{says}")
    for other, says in (("none.toml", "No such file"), ("a\0b.toml", "null byte")):
        with pytest.raises(InputError, match=says):
            READERS[what](Path(other))


def test_what_is_within_the_bounds_is_read_exactly(tmp_path):
    path = tmp_path / "own.toml"
    dots = "." * 500
    path.write_text(f"# {dots}\na.b.c = 0.1\nd = 2.5e3\ne = {'9' * 15}\nf = true\n", "utf-8-sig")
    found = read_toml(path, "file")
    assert found["a"]["b"]["c"] * 10 == 1
    assert found == {
        "a": {"b": {"c": Fraction(1, 10)}},
        "d": 2500,
        "e": 10**15 - 1,
        "f": True,
    }
    assert parsed(b"", "file") == {}


@pytest.mark.parametrize(
    ("value", "says"), [(Fraction(3, 2), "1.5"), (7, "7"), ("half", "'half'"), (True, "True")]
)
def test_a_value_is_shown_as_it_is_written(value, says):
    assert shown(value) == says
    assert len(shown([value] * 1000)) < 200
