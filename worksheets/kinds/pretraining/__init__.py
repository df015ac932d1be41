"""Pretraining: a language model learns from the texts what comes next, and so says what they say.

The likelihood is that of Radford, Narasimhan, Salimans and Sutskever 2018, equation 1: the sum of
log P(word | the words before it) over the corpus. Its negative, averaged over the texts of each
context, is the cross-entropy of their shares p and the softmax q of the scores, whose gradient by a
score is q − p (Hinton, Vinyals and Dean 2015, equation 2, at temperature 1). Where ours departs: a
context is a column, its features are given instead of a transformer's, softmax and log are rounded
to tenths, and one step is made, at learning rate 1. It lowers the loss on every sheet, as is worked
out again, but does not always make both contexts say what their texts say most.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
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
EFFORT = {1: 22, 2: 31, 3: 65}
CHECKPOINTS = ("targets", "next_words", "loss", "weights_gradient", "trained_loss", "unread_word")
WORKED = {1: "loss"}
# Sentences of the theme's words, as the key names them.
PHRASES = {
    "biased": ("{subject}", "{link}", "{losing}"),
    "preferred": ("{subject}", "{link}", "{winning}"),
    "prompt": ("{second}", "{link}"),
}

WORDS, FEATURES = ("{word1}", "{word2}", "{word3}"), ("1", "2", "3")
READ, UNREAD = ("{subject}", "{prompt}"), ("{second}",)

DATA = Part("The corpus", "purple")
MODEL = Part("The model", "orange")
LEARN = Part("Learn from the corpus", "orange")

draw = corpus.draw


def steps(sheet: Tracer, level: int) -> None:
    """Work out the corpus's shares, the model's, the loss, one update, and the model again."""
    with sheet.step(1, "What the corpus says", DATA):
        C = sheet.given("counts", WORDS, READ, bound=max(corpus.TEXTS), symbol="C")
        Y = sheet.answer("targets", C.shares(corpus.TENTHS), symbol="Y")
        sheet.answer("corpus_words", Y.highest())
    with sheet.step(2, "Scores", MODEL):
        X = sheet.given("inputs", FEATURES, READ, bound=corpus.LARGEST_INPUT, symbol="X")
        W = sheet.given("weights", WORDS, (*FEATURES, BIAS), bound=3, symbol="W")
        scores = sheet.answer("scores", W @ X.with_ones(), symbol="Z")
    with sheet.step(3, "Probabilities", MODEL):
        P = sheet.answer("probabilities", scores.softmax(1), symbol="P")
    with sheet.step(4, "Next words", MODEL):
        sheet.answer("next_words", scores.highest())
    with sheet.step(5, "Loss", MODEL):
        logs = sheet.answer("log_probabilities", P.logarithm(1), symbol="log P")
        sheet.answer("loss", -(Y * logs).sum_of_all(), symbol="L")
    if level == 1:
        return
    with sheet.step(6, "Error", LEARN):
        error = sheet.answer("error", P - Y, symbol="G")
    with sheet.step(7, "Gradient of W", LEARN):
        gradient = error @ X.with_ones().transposed
        gradient = sheet.answer("weights_gradient", gradient, symbol="dW")
    if level == 2:
        return
    with sheet.step(8, "Update", LEARN):
        sheet.constant("learning_rate", 1)
        W = sheet.answer("trained_weights", W - gradient, symbol="W′")
    with sheet.step(9, "What it has learned", LEARN):
        limit = corpus.FARTHEST
        scores = W @ X.with_ones()
        scores = sheet.answer("trained_scores", scores, limit=limit, finest=10, symbol="Z′")
        sheet.answer("trained_words", scores.highest())
        P = sheet.answer("trained_probabilities", scores.softmax(1), symbol="P′")
    with sheet.step(10, "Loss again", LEARN):
        logs = sheet.answer("trained_log_probabilities", P.logarithm(1), symbol="log P′")
        sheet.answer("trained_loss", -(Y * logs).sum_of_all(), symbol="L′")
    with sheet.step(11, "What it never read", LEARN):
        unread = sheet.given("unread", FEATURES, UNREAD, bound=corpus.LARGEST_INPUT, symbol="x")
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

    def shares(of: sympy.Matrix) -> sympy.Matrix:
        """Return the slope of Σ log Σ exp z by each score, in tenths: its share of the powers."""
        at = dict(zip(z, of, strict=True))
        return z.applyfunc(sum(map(log, totals)).diff).applyfunc(lambda p: written(p.subs(at), 1))

    def surprise(logs: sympy.Matrix) -> sympy.Matrix:
        """Return the corpus's negative log-likelihood, a text of each context counting as one."""
        each = (C[i, k] * logs[i, k] / texts[k] for i in range(3) for k in range(2))
        return Matrix([-sum(each)])

    P = shares(Z)
    logs = P.applyfunc(lambda p: written(log(p), 1))
    stated = {
        "targets": Matrix(3, 2, lambda i, k: C[i, k] / texts[k]),
        "corpus_words": said(C),
        "scores": Z,
        "probabilities": P,
        "next_words": said(Z),
        "log_probabilities": logs,
        "loss": surprise(logs),
    }
    if level == 1:
        return stated

    # What is a power's share of its sum in the loss has the written value.
    as_written = dict.fromkeys(totals, Integer(1)) | dict(zip(map(exp, z), P, strict=True))
    loss = surprise(Matrix(3, 2, lambda i, k: z[i, k] - log(totals[k])))[0]
    stated["error"] = error = z.applyfunc(lambda s: loss.diff(s).expand().xreplace(as_written))
    changed = sum(slope * score for slope, score in zip(error, scores(w, X), strict=True))
    stated["weights_gradient"] = w.applyfunc(changed.diff)
    if level == 2:
        return stated
    stated["trained_weights"] = trained = W - stated["weights_gradient"]
    for name, inputs in (("trained", X), ("unread", given["unread"])):
        stated[f"{name}_scores"] = scores(trained, inputs)
    stated["trained_words"] = said(stated["trained_scores"])
    stated["unread_word"] = said(stated["unread_scores"])
    stated["trained_probabilities"] = P = shares(stated["trained_scores"])
    logs = P.applyfunc(lambda p: written(log(p), 1))
    return stated | {"trained_log_probabilities": logs, "trained_loss": surprise(logs)}


MISTAKES = (
    Mistake("counts taken for shares", {"targets": lambda m: m["counts"]}),
    Mistake(
        "bias forgotten",
        {
            "scores": lambda m: m["weights"].without_bias() @ m["inputs"],
            "trained_scores": lambda m: m["trained_weights"].without_bias() @ m["inputs"],
            "unread_scores": lambda m: m["trained_weights"].without_bias() @ m["unread"],
        },
    ),
    Mistake(
        "softmax along the row",
        {"probabilities": lambda m: m["scores"].transposed.softmax(1).transposed},
    ),
    Mistake(
        "the corpus’s word instead of the model’s", {"next_words": lambda m: m["targets"].highest()}
    ),
    Mistake(
        "loss of the most frequent words alone",
        {
            "loss": lambda m: (
                -(m["targets"].exceeds(Fraction(1, 2)) * m["log_probabilities"]).sum_of_all()
            )
        },
    ),
    Mistake(
        "sign of the loss", {"loss": lambda m: (m["targets"] * m["log_probabilities"]).sum_of_all()}
    ),
    Mistake("error with the wrong sign", {"error": lambda m: m["targets"] - m["probabilities"]}),
    Mistake("shares not taken off", {"error": lambda m: m["probabilities"]}),
    Mistake(
        "bias left out of the gradient",
        {"weights_gradient": lambda m: m["error"] @ m["inputs"].with_zeros().transposed},
    ),
    Mistake(
        "step up instead of down",
        {"trained_weights": lambda m: m["weights"] + m["weights_gradient"]},
    ),
    Mistake(
        "old weights used again",
        {
            "trained_scores": lambda m: m["weights"] @ m["inputs"].with_ones(),
            "unread_scores": lambda m: m["weights"] @ m["unread"].with_ones(),
        },
    ),
)
