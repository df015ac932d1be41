"""Round what a law states as its sheet writes it, without the engine that rounded the key."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import sympy

DIGITS = 50  # of what is irrational: far more than any sheet writes, so none lies at a border


def written(value: sympy.Expr, decimals: int) -> sympy.Rational:
    """Return a number to so many decimals, half away from zero; a fraction is rounded exactly."""
    from sympy import Rational

    scale = 10**decimals
    # One evaluation, and then numbers: to compare an expression with 0 evaluates it as often again.
    number = value if value.is_Rational else value.evalf(DIGITS)
    units = int(abs(number) * scale + Rational(1, 2))
    return Rational(units if number > 0 else -units, scale)


def preference_loss(
    margins: Sequence[sympy.Expr], decimals: int, prefix: str = ""
) -> dict[str, sympy.Matrix]:
    """State −mean log σ(margin), as the losses of reward models and of DPO do, step by step.

    Returns rows by the lines' names, which begin with `prefix`: σ of each margin to so many
    decimals, its logarithm to two, and the loss to two.
    """
    from sympy import Matrix, exp, log

    shares = [written(1 / (1 + exp(-margin)), decimals) for margin in margins]
    logs = [written(log(share), 2) for share in shares]
    loss = written(-sum(logs) / len(logs), 2)
    lines = {"predictions": shares, "log_predictions": logs, "loss": [loss]}
    return {f"{prefix}{name}": Matrix([cells]) for name, cells in lines.items()}
