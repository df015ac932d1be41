"""Send a folder to the page as one archive, part by part, so that it is never in memory whole."""

from __future__ import annotations

from io import RawIOBase
from pathlib import Path
from shutil import rmtree
from typing import Any
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from worksheets.page.talk import Send, StoppedError

PART = 4 << 20  # bytes that are sent together
PACKED = {".pdf", ".xlsx", ".zip"}  # compressed already


class _Sender(RawIOBase):
    """Take an archive's bytes, which nobody reads again, and send them in large parts."""

    def __init__(self, send: Send) -> None:
        self._send, self._held, self._at = send, bytearray(), 0

    def writable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def write(self, data: Any) -> int:
        self._held += data
        self._at += len(data)
        if len(self._held) >= PART:
            self.part()
        return len(data)

    def part(self) -> None:
        """Send what is held.

        Raises:
            StoppedError: if whoever asked has stopped it.
        """
        part, self._held = bytes(self._held), bytearray()
        if part and not self._send({"part": part}):
            raise StoppedError


def send_folder(folder: Path, send: Send) -> None:
    """Send all files below the folder, each of which is then removed, as one archive."""
    sender = _Sender(send)
    with ZipFile(sender, "w") as archive:
        for path in sorted(one for one in folder.rglob("*") if one.is_file()):
            entry = ZipInfo(f"{folder.name}/{path.relative_to(folder).as_posix()}")  # of 1980
            entry.compress_type = ZIP_STORED if path.suffix in PACKED else ZIP_DEFLATED
            archive.writestr(entry, path.read_bytes())
            path.unlink()
    sender.part()
    rmtree(folder, ignore_errors=True)
