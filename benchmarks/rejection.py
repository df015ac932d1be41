"""The plain way beside it: draw whole sheets within the bounds, and keep those that are good."""

from __future__ import annotations

from time import perf_counter

import numpy as np

from benchmarks.guarantees import hopeful, kept
from benchmarks.measure import table, two_digits
from worksheets import exercise
from worksheets.engine.evaluate import evaluate
from worksheets.engine.node import Mask
from worksheets.kinds.rlhf.sampling.output_layer import ROLES
from worksheets.sampling.attempts import Arrays
from worksheets.sampling.counter import Draws

AT_ONCE, SECONDS, SEED = 10_000, 20.0, 2026


def report(rates: dict[int, float]) -> None:
    """Print what is accepted, of whole sheets and of language models, beside the rates of ours."""
    rows = []
    for level, ours in rates.items():
        for drawn, free_reward_model in (("everything", False), ("the language model", True)):
            attempts, found, time = _rejection(level, free_reward_model)
            accepted = f"{found:,} of {attempts:,}" if found else f"fewer than 1 of {attempts:,}"
            rate = max(found, 1) / time  # where none is found, the true rate is less
            less, more = ("", "") if found else ("< ", "> ")
            a_second, ahead = two_digits(rate), two_digits(ours / rate)
            rows.append(
                (str(level), drawn, accepted, less + a_second, two_digits(ours), more + ahead)
            )
    table(
        f"Drawn uniformly within the bounds and rejected, {SECONDS:.0f} s each",
        ("level", "what", "accepted", "sheets a second", "here", "here over plain"),
        rows,
    )


def _rejection(level: int, free_reward_model: bool) -> tuple[int, int, float]:
    """Attempts, good sheets among them, and seconds."""
    graph = exercise.graph("rlhf", level)
    random = np.random.default_rng(SEED)
    ready = _reward_models(level) if free_reward_model else None
    attempts = found = 0
    start = perf_counter()
    while perf_counter() - start < SECONDS:
        words, rewards = ready or (_words(random), _reward_model(random))
        givens = {**_language_model(random), **rewards}
        some = hopeful(givens, words, level)
        givens, words = _chosen(givens, some), _chosen(words, some)
        evaluation = evaluate(graph, givens, words, int(some.sum()))
        found += int(kept(evaluation, words, level).sum())
        attempts += AT_ONCE
    return attempts, found, perf_counter() - start


def _chosen(arrays: Arrays, some: Mask) -> Arrays:
    return {name: values[some] for name, values in arrays.items()}


def _reward_models(level: int) -> tuple[Arrays, Arrays]:
    """Words, and good reward models with their words' embeddings, which are not timed."""
    draws = Draws.of([str(number) for number in range(AT_ONCE)])
    drawn = exercise.find("rlhf").draw(draws, level, published=False)
    names = ("embeddings", "rm_linear", "rm_output")
    return drawn.words, {name: drawn.givens[name] for name in names}


def _words(random: np.random.Generator) -> Arrays:
    order = random.permuted(np.tile(np.arange(1, 6), (AT_ONCE, 1)), axis=1)
    words = {role: order[:, place] for place, role in enumerate(ROLES)}
    return words | {"start": np.zeros(AT_ONCE, dtype=np.int64)}


def _reward_model(random: np.random.Generator) -> Arrays:
    return {
        "embeddings": random.integers(-3, 4, (AT_ONCE, 3, 6)),
        "rm_linear": random.integers(-3, 4, (AT_ONCE, 4, 4)),
        "rm_output": random.integers(-3, 4, (AT_ONCE, 1, 5)),
    }


def _language_model(random: np.random.Generator) -> Arrays:
    looks = np.triu(random.integers(0, 2, (AT_ONCE, 3, 3)), 1)
    return {
        "attention": looks + np.eye(3, dtype=np.int64),
        "llm_feed_forward": random.integers(-3, 4, (AT_ONCE, 2, 4)),
        "llm_output": random.integers(-3, 4, (AT_ONCE, 5, 3)),
        "second_subject": random.integers(-3, 4, (AT_ONCE, 3, 1)),
    }
