"""A PDF as PDFium reads it: every character, its font, place and tag, and the tags as a tree."""

import ctypes
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from math import hypot
from typing import Any

import pypdfium2
from pypdfium2 import raw

DEEPEST = 50


@dataclass(frozen=True)
class Page:
    """Characters in the order in which they were drawn, and the structure elements of a page."""

    width: float
    height: float
    characters: list[dict[str, Any]]
    elements: list[dict[str, Any]]


@lru_cache(maxsize=16)
def read(content: bytes) -> list[Page]:
    with pypdfium2.PdfDocument(content) as document:
        return [_page(page, number) for number, page in enumerate(document, start=1)]


def _page(page: pypdfium2.PdfPage, number: int) -> Page:
    width, height = page.get_size()
    reader = page.get_textpage()  # closed once nothing refers to it
    text = reader.raw
    objects: dict[int, dict[str, Any]] = {}
    found = []
    box, x, y = raw.FS_RECTF(), ctypes.c_double(), ctypes.c_double()
    matrix, font_size = raw.FS_MATRIX(), ctypes.c_float()
    for place in range(raw.FPDFText_CountChars(text)):
        if raw.FPDFText_IsGenerated(text, place):  # a space that stands for a gap
            continue
        one = raw.FPDFText_GetTextObject(text, place)
        address = ctypes.addressof(one.contents)
        if address not in objects:
            raw.FPDFPageObj_GetMatrix(one, matrix)
            raw.FPDFTextObj_GetFontSize(one, font_size)
            objects[address] = {
                "size": font_size.value * hypot(matrix.c, matrix.d),
                "page_number": number,
                "mcid": raw.FPDFPageObj_GetMarkedContentID(one),
                "fontname": _text(raw.FPDFFont_GetBaseFontName, raw.FPDFTextObj_GetFont(one)),
            }
        raw.FPDFText_GetLooseCharBox(text, place, box)
        raw.FPDFText_GetCharOrigin(text, place, x, y)
        size = objects[address]["size"]
        found.append(
            objects[address]
            | {
                "text": chr(raw.FPDFText_GetUnicode(text, place)),
                "x0": box.left,
                "x1": box.right,
                "top": height - box.bottom - size,
                "bottom": height - box.bottom,
                "baseline": height - y.value,
                "angle": raw.FPDFText_GetCharAngle(text, place),
            }
        )
    return Page(width, height, found, _elements(page))


def _elements(page: pypdfium2.PdfPage) -> list[dict[str, Any]]:
    tree = raw.FPDF_StructTree_GetForPage(page.raw)
    try:
        count = raw.FPDF_StructTree_CountChildren(tree) if tree else 0
        tops = (raw.FPDF_StructTree_GetChildAtIndex(tree, place) for place in range(count))
        return [_element(one) for one in tops if one]
    finally:
        raw.FPDF_StructTree_Close(tree)


def _element(element: Any, depth: int = 0) -> dict[str, Any]:
    assert depth < DEEPEST
    children, mcids = [], []
    for place in range(raw.FPDF_StructElement_CountChildren(element)):
        if child := raw.FPDF_StructElement_GetChildAtIndex(element, place):
            children.append(_element(child, depth + 1))
        elif (mcid := raw.FPDF_StructElement_GetChildMarkedContentID(element, place)) >= 0:
            mcids.append(mcid)
    kind = _text(raw.FPDF_StructElement_GetType, element, "utf-16-le")
    return {"type": kind, "children": children, "mcids": mcids}


def _text(function: Callable[..., int], of: Any, encoding: str = "utf-8") -> str:
    """What one of PDFium's functions writes into a buffer that ends with a null."""
    size = function(of, None, 0)
    buffer = ctypes.create_string_buffer(size)
    function(of, buffer, size)
    return buffer.raw.decode(encoding).rstrip("\0")
