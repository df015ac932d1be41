"""Pretraining: a language model learns from the texts what comes next, and so says what they say.

The likelihood is that of Radford, Narasimhan, Salimans and Sutskever 2018, equation 1: the sum of
log P(word | the words before it) over the corpus. Its negative, averaged over the texts of each
context, is the cross-entropy of their shares p and the softmax q of the scores, whose gradient by a
score is q − p (Hinton, Vinyals and Dean 2015, equation 2, at temperature 1). Where ours departs: a
context is a column, its features are given instead of a transformer's, softmax is rounded to
tenths, and one step at learning rate 1 is enough.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from worksheets.engine.graph import Mistake, Part, Tracer
from worksheets.engine.matrix import BIAS
from worksheets.kinds.pretraining import corpus
from worksheets.written import written

if TYPE_CHECKING:
    import sympy

CODE = "PRET"
BUILDS_ON = ("backprop",)
TITLE = "Pretraining by hand"
LEVELS = (1, 2, 3)
# Of sheets 0 to 29,999 of each level no two have the same numbers: the birthday bound, at 95 %.
VARIETY = {1: 150_000_000, 2: 150_000_000, 3: 150_000_000}
EFFORT = {1: 22, 2: 39, 3: 85}
CHECKPOINTS = ("targets", "next_words", "gradient", "trained_words", "unread_word")
# Sentences of the theme's words, as the key names them.
PHRASES = {
    "frequent": ("{subject}", "{link}", "{losing}"),
    "rare": ("{subject}", "{link}", "{winning}"),
    "prompt": ("{second}", "{link}"),
}

WORDS, FEATURES = ("{word1}", "{word2}", "{word3}"), ("1", "2", "3")
READ, UNREAD = ("{subject}", "{prompt}"), ("{second}",)

DATA = Part("The corpus", "purple")
MODEL = Part("The model", "orange")
LEARN = Part("Learn from the corpus", "orange")

draw = corpus.draw


def steps(sheet: Tracer, level: int) -> None:
    """Work out the corpus's shares, the model's, the error, one update, and the model again."""
    with sheet.step(1, "What the corpus says", DATA):
        C = sheet.given("counts", WORDS, READ, bound=max(corpus.TEXTS), symbol="C")
        Y = sheet.answer("targets", C.shares(corpus.TENTHS), symbol="Y")
        sheet.answer("corpus_words", Y.highest())
    with sheet.step(2, "Scores", MODEL):
        X = sheet.given("inputs", FEATURES, READ, bound=3, symbol="X")
        W = sheet.given("weights", WORDS, (*FEATURES, BIAS), bound=3, symbol="W")
        scores = sheet.answer("scores", W @ X.with_ones(), symbol="Z")
    with sheet.step(3, "Probabilities", MODEL):
        P = sheet.answer("probabilities", scores.softmax(1), symbol="P")
    with sheet.step(4, "Next words", MODEL):
        sheet.answer("next_words", scores.highest())
    if level == 1:
        return
    with sheet.step(5, "Error", LEARN):
        error = sheet.answer("error", P - Y, symbol="G")
    with sheet.step(6, "Gradient of W", LEARN):
        gradient = sheet.answer("gradient", error @ X.with_ones().transposed, symbol="dW")
    if level == 2:
        return
    with sheet.step(7, "Update", LEARN):
        W = sheet.answer("trained", W - gradient, symbol="new W")
    with sheet.step(8, "What it has learned", LEARN):
        scores = sheet.answer("trained_scores", W @ X.with_ones(), symbol="new Z")
        sheet.answer("trained_words", scores.highest())
    with sheet.step(9, "What it never read", LEARN):
        unread = sheet.given("unread", FEATURES, UNREAD, bound=3, symbol="x")
        scores = sheet.answer("unread_scores", W @ unread.with_ones(), symbol="z")
        sheet.answer("unread_word", scores.highest())


def law(
    given: Mapping[str, sympy.Matrix], word: Mapping[str, int], level: int
) -> Mapping[str, sympy.Matrix]:
    """State the corpus's log-likelihood as a function of scores; SymPy differentiates it."""
    from sympy import Integer, Matrix, exp, log, ones, symbols

    C, X, W = (given[name] for name in ("counts", "inputs", "weights"))
    z, w = Matrix(3, 2, symbols("z:6")), Matrix(3, 4, symbols("w:12"))

    def scores(weights: sympy.Matrix, inputs: sympy.Matrix) -> sympy.Matrix:
        return weights[:, :-1] * inputs + weights[:, -1] * ones(1, inputs.cols)

    def said(scored: sympy.Matrix) -> sympy.Matrix:
        """Return each column's word of the highest score, counted from 1."""
        columns = (list(scored[:, k]) for k in range(scored.cols))
        return Matrix([[1 + column.index(max(column)) for column in columns]])

    texts = [sum(C[:, k]) for k in range(2)]
    Z = scores(W, X)
    totals = [sum(map(exp, z[:, k])) for k in range(2)]
    values = dict(zip(z, Z, strict=True))

    def in_tenths(share: sympy.Expr) -> sympy.Expr:
        return written(share.subs(values), 1)

    P = z.applyfunc(sum(map(log, totals)).diff).applyfunc(in_tenths)
    stated = {
        "targets": Matrix(3, 2, lambda i, k: C[i, k] / texts[k]),
        "corpus_words": said(C),
        "scores": Z,
        "probabilities": P,
        "next_words": said(Z),
    }
    if level == 1:
        return stated

    # What is a power's share of its sum in the loss has the written value.
    as_written = dict.fromkeys(totals, Integer(1)) | dict(zip(map(exp, z), P, strict=True))
    loss = -sum(C[i, k] * (z[i, k] - log(totals[k])) / texts[k] for i in range(3) for k in range(2))
    stated["error"] = error = z.applyfunc(lambda s: loss.diff(s).expand().xreplace(as_written))
    changed = sum(slope * score for slope, score in zip(error, scores(w, X), strict=True))
    stated["gradient"] = w.applyfunc(changed.diff)
    if level == 2:
        return stated
    stated["trained"] = trained = W - stated["gradient"]
    for name, inputs in (("trained", X), ("unread", given["unread"])):
        stated[f"{name}_scores"] = scores(trained, inputs)
    stated["trained_words"] = said(stated["trained_scores"])
    stated["unread_word"] = said(stated["unread_scores"])
    return stated


MISTAKES = (
    Mistake("counts taken for shares", {"targets": lambda m: m["counts"]}),
    Mistake(
        "bias forgotten",
        {
            "scores": lambda m: m["weights"].without_bias() @ m["inputs"],
            "trained_scores": lambda m: m["trained"].without_bias() @ m["inputs"],
            "unread_scores": lambda m: m["trained"].without_bias() @ m["unread"],
        },
    ),
    Mistake(
        "softmax along the row",
        {"probabilities": lambda m: m["scores"].transposed.softmax(1).transposed},
    ),
    Mistake(
        "the corpus’s word instead of the model’s", {"next_words": lambda m: m["targets"].highest()}
    ),
    Mistake("error with the wrong sign", {"error": lambda m: m["targets"] - m["probabilities"]}),
    Mistake("shares not taken off", {"error": lambda m: m["probabilities"]}),
    Mistake(
        "bias left out of the gradient",
        {"gradient": lambda m: m["error"] @ m["inputs"].with_zeros().transposed},
    ),
    Mistake("step up instead of down", {"trained": lambda m: m["weights"] + m["gradient"]}),
    Mistake(
        "old weights used again",
        {
            "trained_scores": lambda m: m["weights"] @ m["inputs"].with_ones(),
            "unread_scores": lambda m: m["weights"] @ m["unread"].with_ones(),
        },
    ),
)
