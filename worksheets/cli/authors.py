"""Look at a kind as its author: the command `stress`."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict

import click

import worksheets as ws
from worksheets.cli.options import text_or_json


@click.command(
    epilog="""\b
    Examples:
      stress matmul
      stress rlhf --level 3 --count 30000
    """
)
@click.argument("kind")
@click.option("--level", type=int, help="Of which level.  [default: each]")
@click.option("--edition", default="free", show_default=True)
@click.option("--count", type=click.IntRange(1), default=2000, show_default=True,
              help="How many sheets' first attempts to look at.")  # fmt: skip
@text_or_json
def stress(kind: str, level: int | None, edition: str, count: int, form: str) -> None:
    """Sum up a kind's draw: what is accepted, why not, effort, variety, extremes, outcomes."""
    figures = ws.stress(kind, level=level, edition=edition, count=count)
    if form == "json":
        click.echo(json.dumps([asdict(of_level) for of_level in figures], ensure_ascii=False))
        return
    for of_level in figures:
        click.echo("\n".join(_text(of_level)))


def _text(figures: ws.Figures) -> Iterator[str]:
    yield f"{figures.kind}, level {figures.level}, {figures.edition} edition"
    share = figures.accepted / figures.attempts
    yield f"  accepted  {figures.accepted} of {figures.attempts} first attempts, {share:.1%}"
    yield from (f"  refused   {count:>6}  {reason}" for reason, count in figures.refusals)
    yield f"  effort    median {figures.effort} operations, {figures.fair:.0%} within 15 %"
    yield f"  distinct  {figures.distinct} of {figures.accepted} sheets"
    yield f"  zeros     {figures.zeros:.0%} of the answers' cells"
    for name, outcomes in figures.outcomes.items():
        shares = ", ".join(f"{word} {share:.0%}" for word, share in outcomes.items())
        yield f"  words     {name}: {shares}"
    width = max((len(line.name) for line in figures.lines), default=0)
    for line in figures.lines:
        yield (
            f"  line      {line.name:{width}}  {line.smallest:>7} to {line.largest:<7}"
            f"  {line.longest} letters at most, {line.zeros:.0%} zeros"
        )
