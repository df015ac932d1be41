"""Carry what turns blank sheets into forms to where pikepdf is not: as compressed JSON."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

from worksheets import exercise
from worksheets.errors import InputError
from worksheets.exports.form_template import Update
from worksheets.exports.form_texts import form_texts
from worksheets.ids import Identity
from worksheets.language import told
from worksheets.layouts.packing import compressed, object_of, text
from worksheets.layouts.specification import Specification
from worksheets.layouts.store import carried, pack_content_into
from worksheets.render.texts import columns
from worksheets.sheet import make
from worksheets.stamp.document import alone

ENDING = "form"


def pack_form_into(folder: Path, blank: Specification) -> None:
    """Write what turns the blank sheets of a specification into forms into a folder.

    Raises:
        OSError: if it cannot be written.
    """
    from worksheets.exports.form_update import update_over

    code = exercise.find(blank.kind_name).CODE
    identity = Identity(code, blank.level, 1, blank.edition, language=blank.language)
    (sheet,) = make([identity])
    stamp, texts = blank.stamp(), columns([sheet], [""])
    (shown,) = stamp.all_shown(texts)
    title = stamp.title({name: some[0] for name, some in texts.items()})
    said = form_texts(sheet, blank.page.fade)
    update = update_over(alone(stamp, shown, title), said, stamp)
    pack_content_into(folder, blank.decided(), ENDING, packed(update))


def carried_update(blank: Specification) -> Update:
    """Return what turns the blank sheets of a specification into forms, if it is carried.

    Raises:
        InputError: if it is not.
    """
    content = carried(blank.decided(), ENDING)
    if content is None:
        raise InputError(told("forms of this kind and look are not carried here"))
    return unpacked(content)


def packed(update: Update) -> bytes:
    """Return an update as compressed JSON; the same bytes each time."""
    streams = [(number, text(more), text(data)) for number, more, data in update.streams]
    plain = {**asdict(update), "bodies": list(map(text, update.bodies)), "streams": streams}
    return compressed(plain)


def unpacked(content: bytes) -> Update:
    """Return the update that was packed.

    Raises:
        DamagedError: if it is cut off or is no object.
    """
    data = object_of(content)
    streams = [(number, _bytes(more), _bytes(of)) for number, more, of in data["streams"]]
    bodies = map(_bytes, data["bodies"])
    numbers = tuple(data["numbers"])
    return Update(
        **{**data, "numbers": numbers, "bodies": tuple(bodies), "streams": tuple(streams)}
    )


def _bytes(one: str) -> bytes:
    return one.encode("latin-1")
