"""What is said where no sheet can be drawn: how many attempts each reason refused."""

import numpy as np
import pytest

from worksheets.engine.graph import Mistake, Tracer
from worksheets.sampling.accepted import MOST_ATTEMPTS, accepted
from worksheets.sampling.givens import Givens

NAME = "TINY-1-7"
NONE_SHOWN = Mistake("nothing wrong", {"y": lambda m: m["x"] + m["x"]})


def drawn_with(refuses):
    """Draw x from 1 to 4; where `refuses` holds of it, the draw accepts nothing."""

    def draw(draws):
        x = draws.integers("x", 1, 4, 1, 1)
        seen.append(x[:, 0, 0])
        return Givens({"x": x}, accepted=~refuses(x[:, 0, 0]))

    seen = []
    return draw, seen


def graph(*mistakes):
    tracer = Tracer()
    with tracer.step(1, "Sum", "part"):
        x = tracer.given("x", ("row",), ("column",), bound=4)
        tracer.answer("y", x + x)
    return tracer.graph(mistakes)


def test_a_mistake_that_is_never_seen_is_named_with_what_the_draw_refused():
    draw, seen = drawn_with(lambda x: x == 3)
    with pytest.raises(RuntimeError) as told:
        accepted(graph(NONE_SHOWN), draw, [NAME], None)
    tried = np.concatenate(seen[:MOST_ATTEMPTS])
    assert len(tried) == MOST_ATTEMPTS
    assert str(told.value) == (
        f"{NAME}: no sheet in 200 attempts; 200: mistake 'nothing wrong' goes unnoticed; "
        f"{np.count_nonzero(tried == 3)}: the draw accepted nothing"
    )


def test_effort_out_of_bounds_is_named():
    draw, _ = drawn_with(lambda x: x > 4)
    with pytest.raises(RuntimeError, match=r"attempts; 200: effort beyond ±15 % of 100$"):
        accepted(graph(), draw, [NAME], 100)


def test_a_given_that_the_draw_forgets_is_named_with_those_that_it_draws():
    with pytest.raises(KeyError, match=r"given x: not drawn; drawn are z"):
        accepted(graph(), lambda _: Givens({"z": np.ones((1, 1, 1), dtype=np.int64)}), [NAME], None)
