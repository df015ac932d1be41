"""Options that several commands have."""

from __future__ import annotations

import click

PAPERS = ("a4", "letter")

own_words = click.option(
    "--theme", metavar="FILE.toml", help="The file of your own that the IDs' words came from."
)
text_or_json = click.option(
    "--format",
    "form",
    type=click.Choice(("text", "json")),
    default="text",
    show_default=True,
    help="json: one object a line.",
)
