"""Stand in for pikepdf where it is not: what a PDF consists of, as pypdf reads it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from typing import Any

from pypdf import PdfReader, _encryption, generic
from pypdf.errors import PyPdfError
from pypdf.generic import ContentStream, DecodedStreamObject, DictionaryObject, IndirectObject

from worksheets.machine import aes

INLINE = "INLINE IMAGE"  # as pypdf calls it
PdfError = PyPdfError
NOWHERE = (0, 0)  # of what is written where it is used


class Aes:
    """Decrypt what a key locks; the first block says what the next one was mixed with."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    def decrypt(self, data: bytes, *, strict: bool = True) -> bytes:
        """Return the data without its padding, whose length its last byte is."""
        end = len(data) - len(data) % aes.BLOCK
        made = aes.cbc_decrypt(self._key, data[: aes.BLOCK], data[aes.BLOCK : end])
        return made[: -made[-1]] if made else made


# Where pypdf finds no compiled AES it refuses what is locked by it.
for _name, _stand_in in {
    "CryptAES": Aes,
    "aes_cbc_encrypt": aes.cbc_encrypt,
    "aes_cbc_decrypt": aes.cbc_decrypt,
    "aes_ecb_decrypt": aes.ecb_decrypt,
}.items():
    setattr(_encryption, _name, _stand_in)


class PasswordError(Exception):
    """Refuse a document that needs a password."""


class Name(str):
    """Hold a name, with its stroke."""


class String(str):
    """Hold a text, and the bytes that it was."""

    original = b""

    def __bytes__(self) -> bytes:
        return self.original


class Array(list[Any]):
    """Hold what is in an array."""


class _Held:
    """Hold a dictionary of pypdf's, and where in the document it is."""

    def __init__(self, given: DictionaryObject, objgen: tuple[int, int]) -> None:
        self._given, self.objgen = given, objgen

    def get(self, key: str, default: Any = None) -> Any:
        """Return what is under a key, without references."""
        value = _plain(self._given.raw_get(key)) if key in self._given else None
        return default if value is None else value

    def __contains__(self, key: str) -> bool:
        return key in self._given

    def __iter__(self) -> Iterator[str]:
        return iter(self._given)


class Dictionary(_Held):
    """Hold a dictionary that no stream goes with."""


class Stream(_Held):
    """Hold a stream and its dictionary."""

    def read_bytes(self) -> bytes:
        """Return its bytes, decoded."""
        return bytes(self._given.get_data())  # type: ignore[attr-defined]


class Page:
    """Hold a page by its dictionary."""

    def __init__(self, obj: Any) -> None:
        self.obj = obj


class Pdf:
    """Hold a document."""

    def __init__(self, reader: PdfReader) -> None:
        self.Root = _plain(reader.trailer.raw_get("/Root"))
        self.pages = [Page(_plain(page.indirect_reference or page)) for page in reader.pages]


@contextmanager
def opened(content: bytes) -> Iterator[Pdf]:
    """Open a document.

    Raises:
        PasswordError: if it needs one.
        PdfError: if it is damaged.
    """
    reader = PdfReader(BytesIO(content))
    lock = reader._encryption  # which it has tried to open without a password
    if lock is not None and not lock.is_decrypted():
        raise PasswordError
    yield Pdf(reader)


def text_of(content: bytes) -> str:
    """Return the text that these bytes are in a PDF."""
    return str(_plain(generic.create_string_object(content)))


def instructions(content: bytes) -> Iterator[tuple[str, list[Any]]]:
    """Yield a content stream's operators and operands; a picture within it is `INLINE`."""
    stream = DecodedStreamObject()
    stream.set_data(content)
    for operands, operator in ContentStream(stream, None).operations:
        name = operator.decode("latin-1")
        yield name, [] if name == INLINE else list(map(_plain, operands))


def _plain(value: Any) -> Any:
    """Return a value of pypdf's as what stands for it here."""
    objgen = NOWHERE
    if isinstance(value, IndirectObject):
        objgen, value = (value.idnum, value.generation), value.get_object()
    match value:
        case generic.StreamObject():
            return Stream(value, objgen)
        case DictionaryObject():
            return Dictionary(value, objgen)
        case generic.ArrayObject():
            return Array(map(_plain, value))
        case generic.NameObject():
            return Name(value)
        case generic.TextStringObject():
            text = String(value)
            text.original = value.original_bytes
            return text
        case generic.ByteStringObject():
            text = String(value.decode("latin-1"))
            text.original = bytes(value)
            return text
        case generic.NullObject():
            return None
    return value
