"""The kind `decoding` a second time, in plain Python; nothing here comes from the package."""

from fractions import Fraction
from typing import Any

from plain import Key, as_written, flat, givens, near_border, rounded, softmax

Row = list[Fraction]


def recompute(key: Key) -> dict[str, list[list[str]]]:
    """Every answer of the key's level, from its givens, in order."""
    words, found = key["words"]["vocabulary"], {}
    for name, row in rows_of(key).items():
        if name.endswith("_word"):
            found[name] = [[words[row]]]
        else:
            found |= as_written({name: [row]})
    return found


def rows_of(key: Key) -> dict[str, Any]:
    """The answers as fractions; a word as its place, from 0 on."""
    given = {name: flat(matrix) for name, matrix in givens(key).items()}
    z, (T,), u = given["scores"], given["temperature"], given["dice"][0] / 100
    v = 1 - u
    p, scaled = in_hundredths(softmax(z)), [rounded(score / T, 1) for score in z]
    q = in_hundredths(softmax(scaled))
    rows = {"probabilities": p, "scaled": scaled, "tempered_probabilities": q}
    rows |= {"tails": tails(p), "tempered_tails": tails(q)}
    rows |= {"random_number": [u], "second_random_number": [v]}
    rows |= {"sampled_word": drawn(p, u), "tempered_word": drawn(q, u)}
    rows |= {"second_word": drawn(p, v), "second_tempered_word": drawn(q, v)}
    if key["level"] == 1:
        return rows
    (k,), (P,) = given["top_k"], given["top_p"]
    count = next(n for n in range(1, 6) if sum(p[:n]) >= P)
    for name, kept in (("nucleus", p[:count]), ("top_k", p[: int(k)])):
        rows[f"{name}_kept"] = kept + [Fraction(0)] * (5 - len(kept))
        rows[f"{name}_mass"] = [sum(kept)]
        rows[f"{name}_probabilities"] = [rounded(q / sum(kept), 2) for q in rows[f"{name}_kept"]]
    by_k, by_P = rows["top_k_probabilities"], rows["nucleus_probabilities"]
    rows |= {"nucleus_tails": tails(by_P), "top_k_tails": tails(by_k)}
    rows |= {"nucleus_word": drawn(by_P, u), "top_k_word": drawn(by_k, u)}
    said = rows["sampled_word"]
    rows["score_gradient"] = [(place == said) - share for place, share in enumerate(p)]
    if key["level"] == 2:
        return rows
    each = zip(z, rows["score_gradient"], strict=True)
    scores = [rounded(score + slope, 1) for score, slope in each]
    now = in_hundredths(softmax(scores))
    rows |= {"trained_scores": scores, "trained_probabilities": now, "trained_tails": tails(now)}
    return rows | {"trained_word": drawn(now, u)}


def in_hundredths(shares: Row) -> Row:
    """Rounded to two decimals."""
    return [rounded(share, 2) for share in shares]


def tails(p: Row) -> Row:
    """What each word and all behind it come to."""
    return [sum(p[place:], Fraction(0)) for place in range(len(p))]


def drawn(p: Row, number: Fraction) -> int:
    """The word in whose part of 0 to 1 a number lies, if the last word's part comes first."""
    start = Fraction(0)
    for place in reversed(range(len(p))):
        if start <= number < start + p[place]:
            return place
        start += p[place]
    raise AssertionError(f"{number} lies in no part of {p}")


def violations(key: Key) -> list[str]:
    """Every guarantee that the sheet breaks."""
    given, rows, found = givens(key), rows_of(key), []
    z, (T,) = (flat(given[name]) for name in ("scores", "temperature"))
    (u,), (v,) = rows["random_number"], rows["second_random_number"]
    q = rows["tempered_probabilities"]
    p, words = rows["probabilities"], key["words"]["vocabulary"]
    if sorted(words) != sorted(key["words"]["next words"]) or len(set(words)) < 5:
        found.append("vocabulary: not the five next words")
    if sorted(z, reverse=True) != z or z[0] == z[1]:
        found.append("scores: they do not fall, or two are highest")
    if (q[0] > p[0]) != (T < 1) or (q[-1] < p[-1]) != (T < 1):
        found.append("temperature: low ones make likely words likelier, and high ones rare ones")
    if any(near_border(10 * score / T, 0) for score in z):
        found.append("scaled: one is near the border of its rounding")
    exact = {"probabilities": z, "tempered_probabilities": rows["scaled"]}
    exact |= {"trained_probabilities": rows["trained_scores"]} if key["level"] == 3 else {}
    for name, scores in exact.items():
        if sum(rows[name]) != 1 or min(rows[name]) <= 0:
            found.append(f"{name}: they do not come to 1, or one is 0")
        if any(near_border(100 * share, 0) for share in softmax(scores)):
            found.append(f"{name}: one is near the border of its rounding")
    sums = {name: rows[name] for name in rows if name.endswith("tails")}
    of_v = (sums["tails"], sums["tempered_tails"])
    if any(u in tail for tail in sums.values()) or any(v in tail for tail in of_v):
        found.append("random numbers: one lies where two words meet")
    if not any(rows[name] for name in rows if name.endswith("_word")):
        found.append("samples: greedy decoding says the same")
    return found + (not_cut(key) if key["level"] > 1 else [])


def not_cut(key: Key) -> list[str]:
    """What cuts and the step do not do although the page says so."""
    given, rows, found = givens(key), rows_of(key), []
    p, (P,), (k,) = rows["probabilities"], flat(given["top_p"]), flat(given["top_k"])
    count = sum(map(bool, rows["nucleus_kept"]))
    if sum(p[:count]) < P or sum(p[: count - 1]) >= P or P in (sum(p[:n]) for n in range(5)):
        found.append("nucleus: not the fewest likeliest words that come to P")
    if count == k or not 2 <= count <= 4 or p[count - 1] == p[count] or p[int(k) - 1] == p[int(k)]:
        found.append("cuts: the same words, one or all of them, or one of two that are alike")
    for name in ("top_k_probabilities", "nucleus_probabilities"):
        if sum(rows[name]) != 1:
            found.append(f"{name}: they do not come to 1")
    if sum(rows["score_gradient"]) != 0:
        found.append("score_gradient: not 0 in all")
    if key["level"] == 3:
        said = rows["sampled_word"]
        if rows["trained_probabilities"][said] <= p[said]:
            found.append("trained_probabilities: what was said is no likelier")
        if rows["trained_word"] != said:
            found.append("trained_word: a likelier word lost its random number")
    return found
