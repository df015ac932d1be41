"""Read what was handed in: fillable PDFs, XLSX answer sheets, CSV and JSON of cells."""

from worksheets.marking.reading.reader import read

__all__ = ["read"]
