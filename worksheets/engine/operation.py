"""Tabulate what is true of an operation on any matrix; words and signs stand where it is shown."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Operation:
    """One row of the table below.

    `looked_up`: a person needs a table or a calculator for it. `never_negative`: none of its
    results is. `rearranges`: it only puts entries elsewhere, so that a result shows what went in.
    `leaves_out`: of what it rearranges, not every entry comes out.
    """

    name: str
    looked_up: bool = False
    never_negative: bool = False
    rearranges: bool = False
    leaves_out: bool = False


OPERATIONS = {
    operation.name: operation
    for operation in (
        Operation("given"),
        Operation("written"),  # by a student, where marking follows an answer
        Operation("word"),
        Operation("constant"),
        Operation("product"),
        Operation("sum"),
        Operation("difference"),
        Operation("negative"),
        Operation("multiply_entries"),
        Operation("quotient"),
        Operation("step_down"),
        Operation("sum_of_all"),
        Operation("following"),
        Operation("discounted"),
        Operation("maximum"),
        Operation("minimum"),
        Operation("clip"),
        Operation("rounded"),
        Operation("largest", never_negative=True),
        Operation("exceeds", never_negative=True),
        Operation("open", never_negative=True),
        Operation("relu", never_negative=True),
        Operation("square_root", never_negative=True),
        Operation("powers", never_negative=True),
        Operation("exponents"),
        Operation("shares"),
        Operation("sigma", looked_up=True, never_negative=True),
        Operation("softmax", looked_up=True, never_negative=True),
        Operation("softmax_where", looked_up=True, never_negative=True),
        Operation("logarithm", looked_up=True),
        Operation("highest"),
        Operation("same_word"),
        Operation("one_hot", never_negative=True),
        Operation("look_up", rearranges=True, leaves_out=True),
        Operation("columns", rearranges=True, leaves_out=True),
        Operation("rows", rearranges=True, leaves_out=True),
        Operation("beside", rearranges=True),
        Operation("stacked", rearranges=True),
        Operation("transpose", rearranges=True),
        Operation("with_row", rearranges=True),
    )
}
