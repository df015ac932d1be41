"""Write the fonts that layouts share in a file of their own, and read them back, checked.

It holds the large objects of a PDF, the fonts' programs, and the faces by their names in it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from hashlib import sha256

from worksheets.layouts.checks import NAME, DamagedError, bytes_of, count, damage, like, referring
from worksheets.layouts.packing import compressed, object_of, text
from worksheets.stamp.shape import Face

FACE = re.compile(r"[\w-]+\.ttf")
Fonts = tuple[tuple[bytes, ...], dict[str, Face]]


def fonts_name(content: bytes) -> str:
    """Return the name that fonts of this content have: a hash of it."""
    return sha256(content).hexdigest()[:32]


def packed_fonts(objects: Sequence[bytes], faces: Mapping[str, Face]) -> bytes:
    """Return the file of these objects and faces."""
    return compressed(
        {
            "objects": list(map(text, objects)),
            "faces": {
                name: [face.file, list(map(list, face.advances.items()))]
                for name, face in faces.items()
            },
        }
    )


def unpacked_fonts(name: str, content: bytes) -> Fonts:
    """Return the fonts of a file.

    Raises:
        DamagedError: if they are others than those of this name.
    """
    with damage():
        if fonts_name(content) != name:
            raise DamagedError("its fonts are other ones")
        data = object_of(content)
        # They refer to no other object.
        objects = tuple(bytes_of(referring(one, ())) for one in data["objects"])
        faces = {
            like(NAME, face): Face(
                like(FACE, file), {count(glyph): count(width) for glyph, width in advances}
            )
            for face, (file, advances) in data["faces"].items()
        }
        return objects, faces
