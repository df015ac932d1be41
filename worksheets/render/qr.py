"""The QR code of an ID, as runs of dark modules."""

from __future__ import annotations

import numpy as np
import zxingcpp

TITLE = "QR code of this sheet’s ID"
QUIET = 4
MASK = 3  # every reader takes any; to weigh all eight takes six times as long


def runs(text: str) -> tuple[int, list[tuple[int, int, int]]]:
    """The modules along a side, quiet ground included, and each dark run's x, y and length.

    Error correction is of level M, which bears a coffee stain on 15 % of the code.
    """
    code = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode, ec_level="M", data_mask=MASK)
    dark = np.array(code.to_image(scale=1, add_quiet_zones=False)) == 0
    edges = np.diff(np.pad(dark, ((0, 0), (1, 1))).astype(np.int8), axis=1)
    rows, starts = np.nonzero(edges == 1)
    ends = np.nonzero(edges == -1)[1]
    found = np.stack([starts + QUIET, rows + QUIET, ends - starts], axis=1)
    return len(dark) + 2 * QUIET, [(x, y, length) for x, y, length in found.tolist()]
