"""Serve the page in the browser."""

from __future__ import annotations

import webbrowser
from pathlib import Path

import click

from worksheets.page.serve import address, server


@click.command()
@click.argument("folder", default=Path("out/page"), type=click.Path(path_type=Path))
@click.option(
    "--port", default=0, show_default="any that is free", help="The port on this machine."
)
@click.option("--open/--no-open", "opened", default=True, help="Whether to open a browser.")
def page(folder: Path, port: int, opened: bool) -> None:
    """Serve the page of FOLDER, which `make page` makes, on this machine alone, until Ctrl-C."""
    with server(folder, port) as running:
        click.echo(address(running))
        if opened:
            webbrowser.open(address(running))
        running.serve_forever()
