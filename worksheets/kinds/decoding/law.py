"""State each way to choose a word by its definition; SymPy differentiates the log-probability."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import accumulate
from typing import TYPE_CHECKING

from worksheets.written import written

if TYPE_CHECKING:
    import sympy

SIZE = 5


def law(
    given: Mapping[str, sympy.Matrix], word: Mapping[str, int], level: int
) -> Mapping[str, sympy.Matrix]:
    """Take words out of what is left of 1; a nucleus is the first set that is large enough."""
    from sympy import Expr, Integer, Matrix, exp, log, symbols

    z, T = list(given["scores"]), given["temperature"][0]
    stated: dict[str, Sequence[Expr | int]] = {}
    u = given["dice"][0] / Integer(100)
    v = 1 - u

    def softmax(scores: Sequence[Expr]) -> list[Expr]:
        powers = [exp(score) for score in scores]
        return [written(power / sum(powers), 2) for power in powers]

    def left(p: Sequence[Expr]) -> list[Expr]:
        """Take away all words before each."""
        before = accumulate([Integer(0), *p[:-1]])
        return [sum(p) - taken for taken in before]

    def word_at(p: Sequence[Expr], number: Expr) -> list[int]:
        """Count up from the least likely word until the number is passed."""
        sums = accumulate(reversed(p))
        return [next(SIZE - place for place, total in enumerate(sums) if total > number)]

    def of_these(name: str, p: Sequence[Expr], words: set[int]) -> list[Expr]:
        kept = [p[place] if place in words else Integer(0) for place in range(SIZE)]
        parts = [written(share / sum(kept), 2) for share in kept]
        stated.update({f"{name}_kept": kept, f"{name}_mass": [sum(kept)]})
        stated[f"{name}_probabilities"] = parts
        return parts

    p, scaled = softmax(z), [written(score / T, 1) for score in z]
    q = softmax(scaled)
    stated |= {"probabilities": p, "scaled": scaled}
    stated |= {"tempered_probabilities": q, "tails": left(p), "tempered_tails": left(q)}
    stated |= {"random_number": [u], "second_random_number": [v]}
    stated |= {"sampled_word": word_at(p, u), "tempered_word": word_at(q, u)}
    stated |= {"second_word": word_at(p, v), "second_tempered_word": word_at(q, v)}
    if level > 1:
        ranked = sorted(range(SIZE), key=lambda place: -p[place])
        sets = [set(ranked[:count]) for count in range(1, SIZE + 1)]
        nucleus = next(kept for kept in sets if sum(p[at] for at in kept) >= given["top_p"][0])
        p_k = of_these("top_k", p, sets[int(given["top_k"][0]) - 1])
        p_P = of_these("nucleus", p, nucleus)
        stated |= {"top_k_tails": left(p_k), "nucleus_tails": left(p_P)}
        stated |= {"top_k_word": word_at(p_k, u), "nucleus_word": word_at(p_P, u)}
        s = symbols("s:5")
        whole = sum(map(exp, s))
        said = s[word_at(p, u)[0] - 1] - log(whole)  # the log-probability of what was said
        # At powers that come to 1, as the written probabilities do.
        powers = dict(zip(map(exp, s), p, strict=True)) | {whole: Integer(1)}
        slopes = [said.diff(score).expand().xreplace(powers) for score in s]
        stated["score_gradient"] = slopes
    if level == 3:
        z = [written(score + slope, 1) for score, slope in zip(z, slopes, strict=True)]
        p = softmax(z)
        stated |= {"trained_scores": z, "trained_probabilities": p, "trained_tails": left(p)}
        stated["trained_word"] = word_at(p, u)
    return {name: Matrix([list(cells)]) for name, cells in stated.items()}
