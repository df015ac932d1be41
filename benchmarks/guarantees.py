"""What an accepted sheet promises, for sheets that were drawn without any construction."""

from __future__ import annotations

import numpy as np

from worksheets.engine.evaluate import Evaluation
from worksheets.engine.node import Array, Mask
from worksheets.sampling.attempts import Arrays

GAPS = {1: (-2, -1, 1, 2), 2: (0, 2), 3: (0, 2)}


def hopeful(givens: Arrays, words: Arrays, level: int) -> Mask:
    """Whether the mean pools are whole, the gap is wanted, and the model says the biased word.

    Exact, cheap, and asked before anything else is computed, for most random sheets fail here.
    """
    embeddings, rows = givens["embeddings"], np.arange(len(givens["embeddings"]))

    def inputs(*roles: str) -> Array:
        return np.stack([embeddings[rows, :, words[role]] for role in roles], axis=2)

    linear, output = givens["rm_linear"][:, :, :3], givens["rm_output"][:, 0, :4]
    loser = linear @ inputs("subject", "link", "losing").sum(axis=2)[:, :, None]
    winner = linear @ inputs("subject", "link", "winning").sum(axis=2)[:, :, None]
    good: Mask = ((loser % 3 == 0) & (winner % 3 == 0)).all(axis=(1, 2))
    gap = (output * ((winner - loser) // 3)[:, :, 0]).sum(axis=1)
    good &= np.isin(gap, GAPS[level])

    attended = inputs("start", "prompt", "link") @ givens["attention"]
    transformed = _affine(givens["llm_feed_forward"], attended)
    if level == 3:
        transformed = np.maximum(transformed, 0)
    said = _affine(givens["llm_output"], transformed).argmax(axis=1) + 1
    return good & _says(said, words, "losing")


def kept(evaluation: Evaluation, words: Arrays, level: int) -> Mask:
    """Which sheets keep the guarantees, given that they were hopeful."""
    good = evaluation.accepted
    embeddings = evaluation["embeddings"]
    same = (embeddings[:, :, :, None] == embeddings[:, :, None, :]).all(axis=1)
    good &= same.sum(axis=(1, 2)) == embeddings.shape[2]
    for name in ("rm_linear", "rm_output", "llm_feed_forward", "llm_output"):
        weights = evaluation[name][:, :, :-1] != 0
        good &= weights.any(axis=1).all(axis=1) & weights.any(axis=2).all(axis=1)
    if level > 1:
        good &= _says(evaluation["aligned_words"][:, 0], words, "winning")
        good &= (evaluation["trained_gap"] > evaluation["gap"])[:, 0, 0]
        good &= (evaluation["probabilities"] != 0).sum(axis=(1, 2)) == 2
        good &= np.abs(evaluation["score_gradient"]).max(axis=(1, 2)) >= 2
    if level == 3:
        raw, after = evaluation["feed_forward"], evaluation["aligned_feed_forward"]
        good &= (raw < 0).any(axis=(1, 2)) & (raw[:, :, 2] != 0).all(axis=1)
        good &= (raw[:, :, 2] > 0).any(axis=1) & (after[:, :, 2] > 0).any(axis=1)
    for mistake in evaluation.graph.slips:
        good &= evaluation.noticed(mistake)
    return good


def _affine(weights: Array, inputs: Array) -> Array:
    return weights[:, :, :-1] @ inputs + weights[:, :, -1:]


def _says(said: Array, words: Arrays, last: str) -> Mask:
    wanted = np.stack([words["prompt"], words["link"], words[last]], axis=1)
    right: Mask = (said == wanted).all(axis=1)
    return right
