"""Encode an ID as a QR code, in runs of dark modules."""

from __future__ import annotations

import numpy as np
import zxingcpp

from worksheets.language import message

TITLE = message("QR code of this sheet’s ID")
QUIET = 4
MASK = 3  # every reader takes any; to weigh all eight takes six times as long


def runs(text: str) -> tuple[int, list[tuple[int, int, int]]]:
    """Return the modules along a side, with quiet ground, and each dark run's x, y and length.

    Error correction is of level M, which bears a coffee stain on 15 % of the code.
    """
    code = zxingcpp.create_barcode(
        text, zxingcpp.BarcodeFormat.QRCode, ec_level="M", data_mask=MASK
    )
    dark = np.array(code.to_image(scale=1, add_quiet_zones=False)) == 0
    modules = len(dark)
    apart = np.zeros((modules, modules + 1), dtype=np.int8)  # a light one ends each row
    apart[:, :modules] = dark
    edges = np.flatnonzero(np.diff(apart.ravel(), prepend=np.int8(0)))
    rows, columns = np.divmod(edges[::2], modules + 1)
    lengths = edges[1::2] - edges[::2]
    found = zip((columns + QUIET).tolist(), (rows + QUIET).tolist(), lengths.tolist(), strict=True)
    return modules + 2 * QUIET, list(found)
