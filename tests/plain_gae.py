"""The kind `gae` a second time, in plain Python; nothing here comes from the package."""

from fractions import Fraction

from plain import (
    Key,
    Matrix,
    as_written,
    flat,
    givens,
    layer,
    product,
    subtract,
    transpose,
    with_row,
)

BETA, HALF = Fraction(2), Fraction(1, 2)
Row = list[Fraction]


def recompute(key: Key) -> dict[str, list[list[str]]]:
    """Every answer of the key's level, from its givens, in order."""
    return as_written(lines_of(key))


def lines_of(key: Key) -> dict[str, Matrix]:
    """The answers as rows of numbers."""
    given = givens(key)
    H, head = given["states"], given["value_head"]
    (values,) = layer(head, H)
    each = zip(*given["rewards"], *given["log_ratio"], strict=True)
    paid = [reward - BETA * log for reward, log in each]
    errors, advantages, returns = backwards(paid, values)
    lines = {"state_values": [values], "penalised_rewards": [paid], "td_errors": [errors]}
    lines |= {"advantages": [advantages], "returns": [returns]}
    lines |= {"value_error": subtract([values], [returns]), "value_loss": loss(values, returns)}
    if key["level"] == 1:
        return lines
    slopes = [(value - end) / len(values) for value, end in zip(values, returns, strict=True)]
    gradient = product([slopes], transpose(with_row(H, 1)))
    lines |= {"state_value_gradient": [slopes], "value_head_gradient": gradient}
    if key["level"] == 2:
        return lines
    lines["trained_value_head"] = subtract(head, gradient)
    (values,) = layer(lines["trained_value_head"], H)
    lines |= {"trained_state_values": [values]}
    lines["trained_value_error"] = subtract([values], [returns])
    return lines | {"trained_value_loss": loss(values, returns)}


def backwards(paid: Row, values: Row) -> tuple[Row, Row, Row]:
    """TD errors, advantages and returns, worked out from the last word to the first."""
    errors, advantages, returns = [], [], []
    expected = advantage = Fraction(0)
    for reward, value in zip(reversed(paid), reversed(values), strict=True):
        errors.insert(0, reward + expected - value)
        # A return mixes, half and half, what is expected next with what came of it.
        returns.insert(0, reward + expected + HALF * advantage)
        advantage = returns[0] - value
        advantages.insert(0, advantage)
        expected = value
    return errors, advantages, returns


def loss(values: Row, returns: Row) -> Matrix:
    """The mean of half the squares of what they are apart."""
    squares = [(value - end) ** 2 for value, end in zip(values, returns, strict=True)]
    return [[sum(squares) / (2 * len(squares))]]


def violations(key: Key) -> list[str]:
    """Every guarantee that the sheet breaks."""
    given, lines, found = givens(key), lines_of(key), []
    H = given["states"]
    if not all(any(line) for line in [*H, *transpose(H)]) or len(set(map(tuple, H))) < len(H):
        found.append("states: a row or a column is all 0, or two features are the same")
    if len(set(map(tuple, transpose(H)))) < len(H[0]):
        found.append("states: two words have the same")
    if not all(flat(given["value_head"])):
        found.append("value_head: a weight is 0")
    rewards, advantages = flat(given["rewards"]), flat(lines["advantages"])
    if any(rewards[:-1]) or rewards[-1] <= 0:
        found.append("rewards: not of the whole text alone, or not above 0 for a good one")
    if not any(flat(given["log_ratio"])[:-1]):
        found.append("log_ratio: no word but the last pays")
    if not min(advantages) < 0 < max(advantages) or not all(advantages):
        found.append("advantages: all of one sign, or one is 0")
    exact = [name for name in lines if name not in ("state_value_gradient", "value_loss")]
    exact.remove("trained_value_loss") if key["level"] == 3 else None
    if any(cell.denominator > 1 for name in exact for cell in flat(lines[name])):
        found.append("a line that should be whole is not")
    if key["level"] >= 2 and not lines["value_head_gradient"][0][-1]:
        found.append("value_head_gradient: the bias learns nothing")
    if key["level"] == 3 and lines["trained_value_loss"] >= lines["value_loss"]:
        found.append("trained_value_loss: no smaller")
    return found
