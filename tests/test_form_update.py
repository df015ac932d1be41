"""What turns blank sheets into forms is carried as data, and moved where names take objects."""

import pytest

import worksheets as ws
from worksheets.exports.form_format import packed, unpacked
from worksheets.exports.form_texts import form_texts
from worksheets.exports.form_update import update_over
from worksheets.layouts.checks import DamagedError
from worksheets.layouts.specification import of_sheet
from worksheets.render.texts import columns
from worksheets.stamp.document import alone
from worksheets.stamp.fallback import NOTHING, draw
from worksheets.views.page import A4


@pytest.fixture(scope="module")
def stamp_and_sheet():
    sheet = ws.sheet("matmul")
    return of_sheet(sheet, A4).stamp(), sheet


def update(stamp_and_sheet, student, fallback):
    """The update as pikepdf finds it over this student's blank sheet."""
    stamp, sheet = stamp_and_sheet
    (shown,) = stamp.all_shown(columns([sheet], [student]), fallback)
    return update_over(alone(stamp, shown, "A sheet", fallback), form_texts(sheet), stamp)


def test_moved_it_is_that_of_a_sheet_with_names_in_other_scripts(stamp_and_sheet):
    usual = update(stamp_and_sheet, "", NOTHING)
    other = update(stamp_and_sheet, "王小明", draw(["王小明", "Ωмега"]))
    assert other.size > usual.size
    assert usual.moved(other.size) == other
    assert other.moved(usual.size) == usual


def test_it_is_read_back_as_it_was_packed_or_refused(stamp_and_sheet):
    usual = update(stamp_and_sheet, "", NOTHING)
    content = packed(usual)
    assert unpacked(content) == usual
    with pytest.raises(DamagedError):
        unpacked(content[:-9])
