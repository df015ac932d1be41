"""Themes: the words of a sheet, read from TOML, and drawn by the sheet's number."""
