"""State the models and the cross-entropy with a soft label again; SymPy differentiates."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from worksheets.written import written

if TYPE_CHECKING:
    import sympy


def law(
    given: Mapping[str, sympy.Matrix], word: Mapping[str, int], level: int
) -> Mapping[str, sympy.Matrix]:
    """State both answers, the critic's label, and the loss by the reward model's weights."""
    from sympy import Integer, Matrix, Max, Min, Rational, symbols

    stated = _revision(given, word)
    X = given["embeddings"][:, [word["sampled"], word["other"]]]
    stated["answers"] = X
    scores = Matrix([given["critic"].dot(X[:, answer]) for answer in range(2)])
    labels = Matrix([_sigma(scores[0] - scores[1]), _sigma(scores[1] - scores[0])])
    stated |= {"critic_scores": scores, "labels": labels}
    if level >= 2:
        low, high = Rational(2, 5), Rational(3, 5)
        stated["clamped"] = labels = labels.applyfunc(lambda t: Min(Max(t, low), high))
    W1, W2 = given["hidden_weights"], given["output_weights"]
    H = _affine(W1, X)
    is_open = H.applyfunc(lambda h: Integer(bool(h > 0)))

    def rewards(W1: sympy.Matrix, W2: sympy.Matrix) -> sympy.Matrix:
        return _affine(W2, _affine(W1, X).multiply_elementwise(is_open))

    def gap(rewards: sympy.Matrix) -> sympy.Expr:
        return rewards[1] - rewards[0]

    r, R = rewards(W1, W2), H.multiply_elementwise(is_open)
    p, t = _sigma(gap(r)), labels[1]
    slope = _slope(p, t)
    stated |= {"hidden": H, "active": R, "rewards": r, "gap": Matrix([gap(r)])}
    stated |= {"prediction": Matrix([p]), "gap_gradient": Matrix([slope])}
    hard = Integer(bool(t > Rational(1, 2)))  # as a person says it, who finds one better
    stated |= {"hard_label": Matrix([hard]), "hard_gradient": Matrix([_slope(p, hard)])}
    if level == 1:
        return stated

    def slopes(changed: sympy.Expr, by: sympy.Matrix) -> sympy.Matrix:
        """Differentiate by the chain rule: the loss by the gap, and that by its arguments."""
        return by.applyfunc((slope * changed).diff)

    each, w2 = Matrix(1, 2, symbols("r:2")), Matrix(1, 4, symbols("v:4"))
    stated["reward_gradient"] = slopes(gap(each), each)
    stated["output_weights_gradient"] = dW2 = slopes(gap(rewards(W1, w2)), w2)
    stated["trained_output_weights"] = W2_now = W2 - dW2 / 10
    if level == 3:
        w1, a = Matrix(3, 4, symbols("w:12")), Matrix(3, 2, symbols("a:6"))
        stated["active_gradient"] = slopes(gap(_affine(W2, a)), a)
        stated["relu_mask"] = is_open
        stated["hidden_gradient"] = slopes(gap(_affine(W2, a.multiply_elementwise(is_open))), a)
        stated["hidden_weights_gradient"] = dW1 = slopes(gap(rewards(w1, W2)), w1)
        stated["trained_hidden_weights"] = W1_now = W1 - dW1 / 10
        stated["trained_hidden"] = H = _affine(W1_now, X)
        stated["trained_active"] = R = H.applyfunc(lambda h: Max(h, 0))
    now = _affine(W2_now, R)
    if level == 3:
        now = now.applyfunc(lambda reward: written(reward, 1))
    p_now = _sigma(gap(now))
    stated |= {"trained_rewards": now, "trained_gap": Matrix([gap(now)])}
    return stated | {"trained_prediction": Matrix([p_now])}


def _affine(W: sympy.Matrix, inputs: sympy.Matrix) -> sympy.Matrix:
    from sympy import ones

    return W[:, :-1] * inputs + W[:, -1] * ones(1, inputs.cols)


def _sigma(x: sympy.Expr) -> sympy.Expr:
    """Return σ(x) = 1 / (1 + exp(-x)), rounded to tenths."""
    from sympy import exp

    return written(1 / (1 + exp(-x)), 1)


def _slope(p: sympy.Expr, t: sympy.Expr) -> sympy.Expr:
    """Differentiate -t·log σ(g) - (1 - t)·log σ(-g) by g, at the gap g whose σ is p."""
    from sympy import Symbol, exp, log, simplify

    g = Symbol("g", real=True)
    loss = -t * log(1 / (1 + exp(-g))) - (1 - t) * log(1 / (1 + exp(g)))
    return simplify(loss.diff(g).subs(g, log(p / (1 - p))))


def _revision(
    given: Mapping[str, sympy.Matrix], word: Mapping[str, int]
) -> dict[str, sympy.Matrix]:
    """State the model’s answer, its critique, its answer with that read, and its critique."""
    from sympy import Integer, Matrix

    def said(scores: sympy.Matrix) -> int:
        return 1 + list(scores).index(max(scores))

    W, x = given["word_weights"], given["context"]
    scores = _affine(W, x)
    against = said(scores) == word["losing"]
    k = given["critiques"][:, int(against)]
    revised = _affine(W, x + k)
    still = said(revised) == word["losing"]
    return {
        "scores": scores, "first_word": Matrix([said(scores)]),
        "critique": Matrix([Integer(against)]), "critique_read": k, "revised_context": x + k,
        "revised_scores": revised, "revised_word": Matrix([said(revised)]),
        "revised_critique": Matrix([Integer(still)]),
    }  # fmt: skip
