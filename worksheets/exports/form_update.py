"""Find what turns a layout's blank sheets into forms: by pikepdf, over one of them."""

from __future__ import annotations

import re
from dataclasses import replace
from io import BytesIO
from typing import Any

import pikepdf

from worksheets.exports.fillable import add_form
from worksheets.exports.form_template import STAND_IN, Update
from worksheets.exports.form_texts import FormTexts
from worksheets.machine.deflate import compress
from worksheets.stamp.sheets import Stamp

LENGTH = re.compile(rb"/Length \d+")
LONG = 1_000  # bytes of a stream that is worth compressing


def update_over(blank: bytes, said: FormTexts, stamp: Stamp) -> Update:
    """Put a form of stand-ins over a sheet of the stamp, and take what is new and what changed."""
    stand_ins = {cell: STAND_IN.format(place) for place, cell in enumerate(said.cells, 1)}
    with pikepdf.open(BytesIO(blank)) as pdf:
        before = {one.objgen: one.unparse(resolved=True) for one in _plain(pdf)}
        old = {one.objgen for one in _streams(pdf)}
        size = int(pdf.trailer.Size)
        stood_in = replace(said, id=STAND_IN.format(0), cells=stand_ins)
        add_form(pdf, stood_in, stamp.layout)
        after = {one.objgen: one.unparse(resolved=True) for one in _plain(pdf)}
        changed = {key[0]: body for key, body in after.items() if before.get(key) != body}
        streams = tuple(_parts(one) for one in _streams(pdf) if one.objgen not in old)
        numbers = [number for number, _ in (*after, *old)] + [number for number, _, _ in streams]
        root = pdf.Root.objgen[0]
    container = max(numbers) + 1
    return Update(
        size, stamp.after, root, container, tuple(changed), tuple(changed.values()), streams
    )


def _plain(pdf: pikepdf.Pdf) -> list[Any]:
    return [one for one in pdf.objects if isinstance(one, pikepdf.Dictionary | pikepdf.Array)]


def _streams(pdf: pikepdf.Pdf) -> list[Any]:
    return [one for one in pdf.objects if isinstance(one, pikepdf.Stream)]


def _parts(one: Any) -> tuple[int, bytes, bytes]:
    """Return a new stream's number, its dictionary but for the length, and its data."""
    data = one.read_raw_bytes()
    more = one.stream_dict.unparse().strip().removeprefix(b"<<").removesuffix(b">>")
    more = LENGTH.sub(b"", more)
    if len(data) > LONG:
        more, data = more + b"/Filter/FlateDecode", compress(data)
    return one.objgen[0], more, data
