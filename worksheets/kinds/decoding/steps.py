"""Write the lines down: temperature, samples, top-k and top-p, and a step for what was said."""

from __future__ import annotations

from fractions import Fraction

from worksheets.engine.graph import Part, Tracer
from worksheets.engine.matrix import Matrix, constant
from worksheets.language import message

WORDS, VALUE = tuple(f"{{word{place}}}" for place in range(1, 6)), ("value",)
SIZE, TENTHS, HUNDREDTHS = len(WORDS), 10, 100
FARTHEST = 3  # scores, before and after the step
PLACES = constant(("place",), WORDS, [range(SIZE)])

SOFTMAX, SOFTMAX_T = message("softmax of z"), message("softmax of z ÷ T")
SOFTMAX_AGAIN = message("softmax of z′")
NEXT_TAIL, NEXT_TAIL_T = message("p + the next R"), message("q + the next R(T)")
NEXT_TAIL_K, NEXT_TAIL_P = message("p(K) + the next R(K)"), message("p(P) + the next R(P)")
NEXT_TAIL_AGAIN = message("p′ + the next R′")
LAST, LAST_T = message("the last with R > u"), message("the last with R(T) > u")
LAST_V, LAST_TV = message("the last with R > v"), message("the last with R(T) > v")
LAST_K, LAST_P = message("the last with R(K) > u"), message("the last with R(P) > u")
LAST_AGAIN = message("the last with R′ > u")
LIKELIEST, IN_NUCLEUS = (
    message("p of the K likeliest, else 0"),
    message("p where R > 1 − P, else 0"),
)
DICE = message("dice ÷ 100")
RIGHT_LESS_P = message("(1 at u, else 0) − p")

TEMPERATURE = Part("Temperature", "orange")
SAMPLE = Part("Let chance decide", "purple")
CUT = Part("Cut the tail off", "orange")
LEARN = Part("Learn what was said", "purple")


def steps(sheet: Tracer, level: int) -> None:
    """Work out probabilities and samples; cut the tail in two ways; and a step for the sample."""
    with sheet.step(1, "Probabilities", TEMPERATURE):
        z = sheet.given("scores", ("z",), WORDS, bound=FARTHEST, symbol="z", finest=TENTHS)
        p = sheet.answer("probabilities", softmax(z), symbol="p", how=SOFTMAX)
    with sheet.step(2, "Temperature", TEMPERATURE):
        T = sheet.given("temperature", ("T",), VALUE, bound=3, symbol="T", finest=HUNDREDTHS)
        s = z.divided_rounded(T, 1)
        s = sheet.answer("scaled", s, limit=FARTHEST, symbol="z ÷ T")
        q = sheet.answer("tempered_probabilities", softmax(s), symbol="q", how=SOFTMAX_T)
    with sheet.step(3, "Tails", SAMPLE):
        R = sheet.answer("tails", tails(p), limit=1, symbol="R", how=NEXT_TAIL)
        R_T = sheet.answer("tempered_tails", tails(q), limit=1, symbol="R(T)", how=NEXT_TAIL_T)
    with sheet.step(4, "Samples", SAMPLE):
        dice = sheet.given("dice", ("dice",), VALUE, bound=HUNDREDTHS - 1, symbol="dice")
        u = dice * Fraction(1, HUNDREDTHS)
        u = sheet.answer("random_number", u, limit=1, symbol="u", how=DICE)
        v = sheet.answer("second_random_number", 1 - u, limit=1, symbol="v")
        word = sheet.answer("sampled_word", last_above(R, u), symbol="at u", how=LAST)
        sheet.answer("tempered_word", last_above(R_T, u), symbol="at u, T", how=LAST_T)
        sheet.answer("second_word", last_above(R, v), symbol="at v", how=LAST_V)
        sheet.answer("second_tempered_word", last_above(R_T, v), symbol="at v, T", how=LAST_TV)
    if level == 1:
        return
    with sheet.step(5, "Top P", CUT):
        P = sheet.given("top_p", ("P",), VALUE, bound=1, symbol="P", finest=HUNDREDTHS)
        kept = p * R.exceeds(1 - P)
        kept = sheet.answer("nucleus_kept", kept, symbol="kept P", how=IN_NUCLEUS)
        mass = sheet.answer("nucleus_mass", kept.sum_of_all(), symbol="S(P)")
        p_P = kept.divided_rounded(mass, 2)
        p_P = sheet.answer("nucleus_probabilities", p_P, limit=1, symbol="p(P)")
    with sheet.step(6, "Top K", CUT):
        k = sheet.given("top_k", ("K",), VALUE, bound=SIZE, symbol="K")
        kept = sheet.answer("top_k_kept", p * k.exceeds(PLACES), symbol="kept K", how=LIKELIEST)
        mass = sheet.answer("top_k_mass", kept.sum_of_all(), limit=1, symbol="S(K)")
        p_k = kept.divided_rounded(mass, 2)
        p_k = sheet.answer("top_k_probabilities", p_k, limit=1, symbol="p(K)")
    with sheet.step(7, "Sample again", CUT):
        R_P = sheet.answer("nucleus_tails", tails(p_P), limit=1, symbol="R(P)", how=NEXT_TAIL_P)
        R_k = sheet.answer("top_k_tails", tails(p_k), limit=1, symbol="R(K)", how=NEXT_TAIL_K)
        sheet.answer("nucleus_word", last_above(R_P, u), symbol="at u, P", how=LAST_P)
        sheet.answer("top_k_word", last_above(R_k, u), symbol="at u, K", how=LAST_K)
    with sheet.step(8, "Gradient of the scores", LEARN):
        dz = word.one_hot(WORDS).transposed - p
        dz = sheet.answer("score_gradient", dz, symbol="dz", how=RIGHT_LESS_P)
    if level == 2:
        return
    with sheet.step(9, "One step up", LEARN):
        sheet.constant("learning_rate", 1)
        z = (z + dz).rounded(1)
        z = sheet.answer("trained_scores", z, limit=FARTHEST, finest=TENTHS, symbol="z′")
    with sheet.step(10, "Probabilities again", LEARN):
        p = sheet.answer("trained_probabilities", softmax(z), symbol="p′", how=SOFTMAX_AGAIN)
    with sheet.step(11, "Sample once more", LEARN):
        R = sheet.answer("trained_tails", tails(p), limit=1, symbol="R′", how=NEXT_TAIL_AGAIN)
        sheet.answer("trained_word", last_above(R, u), symbol="at u′", how=LAST_AGAIN)


def softmax(scores: Matrix) -> Matrix:
    """Return the softmax of a row, to hundredths."""
    return scores.transposed.softmax(2).transposed


def tails(p: Matrix) -> Matrix:
    """Add up, from the last word on, each word's probability and those of less likely ones."""
    return p.discounted(1, finest=HUNDREDTHS)


def last_above(sums: Matrix, number: Matrix) -> Matrix:
    """Pick the last word whose tail is more than a random number, 1×1."""
    above = sums.exceeds(number)
    return (above - above.following()).transposed.highest()
