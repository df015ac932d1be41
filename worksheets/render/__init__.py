"""Render pages: from a sheet to HTML, and from HTML to PDF."""
