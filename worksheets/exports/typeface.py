"""Embed the sheets' face for viewers to write with: the characters of WinAnsi encoding."""

from __future__ import annotations

from functools import cache
from typing import Any

import pikepdf
import uharfbuzz as hb

from worksheets.render.texts import folder

FILE, NAME = "SheetSans-Regular.ttf", "SheetSans"
FIRST, LAST = 32, 255
TAG = "FORMSS"  # a subset's name begins with six letters
FLAGS, STEM = 32, 80  # not symbolic; about how thick its stems are


@cache
def _subset() -> tuple[bytes, tuple[int, ...], dict[str, int]]:
    """Return the font file, advances of codes 32 to 255, and measures, in 1/1000 em."""
    blob = hb.Blob.from_file_path(str(folder() / "fonts" / FILE))
    face = hb.Face(blob)
    characters = [_character(code) for code in range(FIRST, LAST + 1)]
    choice = hb.SubsetInput()
    choice.sets(hb.SubsetInputSets.UNICODE).set({ord(one) for one in characters})
    font = hb.Font(face)
    scale = 1000 / face.upem
    advances = []
    for one in characters:
        glyph = font.get_nominal_glyph(ord(one))
        advances.append(round(font.get_glyph_h_advance(glyph or 0) * scale))
    extents = font.get_font_extents("ltr")
    measures = {
        "Ascent": round(extents.ascender * scale),
        "Descent": round(extents.descender * scale),
    }
    return bytes(hb.subset(face, choice).blob.data), tuple(advances), measures


def _character(code: int) -> str:
    """Return the character of a WinAnsi code; codes that it leaves open are bullets."""
    return (
        bytes([code]).decode("cp1252", errors="replace").replace("\ufffd", "•").replace("\x7f", "•")
    )


def typeface(pdf: pikepdf.Pdf) -> pikepdf.Object:
    """Return the font as an object of this document."""
    data, advances, measures = _subset()
    file = pdf.make_stream(data, Length1=len(data))
    name = pikepdf.Name(f"/{TAG}+{NAME}")
    measured: dict[str, Any] = {f"/{key}": value for key, value in measures.items()}
    descriptor = pikepdf.Dictionary(
        Type=pikepdf.Name.FontDescriptor,
        FontName=name,
        Flags=FLAGS,
        FontBBox=[-200, measures["Descent"], 1200, measures["Ascent"]],
        ItalicAngle=0,
        CapHeight=measures["Ascent"],
        StemV=STEM,
        FontFile2=file,
    )
    for key, value in measured.items():
        descriptor[key] = value
    return pdf.make_indirect(
        pikepdf.Dictionary(
            Type=pikepdf.Name.Font,
            Subtype=pikepdf.Name.TrueType,
            BaseFont=name,
            FirstChar=FIRST,
            LastChar=LAST,
            Widths=list(advances),
            Encoding=pikepdf.Name.WinAnsiEncoding,
            FontDescriptor=pdf.make_indirect(descriptor),
        )
    )
