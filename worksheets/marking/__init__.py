"""Mark what students wrote, followed through the sheet, with marks and named mistakes."""
