"""The key is a contract: its fields, its lines and how its values are written."""

import re
from fractions import Fraction

import plain_rlhf as plain
import pytest
from samples import FAMILIES, keys, sheets

from worksheets.exercise import all_kinds, find
from worksheets.ids import Identity
from worksheets.sheet import make

FIELDS = ["id", "kind", "level", "edition", "theme", "language", "words", "constants", "lines"]
LINE = ["name", "step", "role", "decimals", "row_labels", "column_labels", "values"]
NUMBER = re.compile(r"-?(0|[1-9]\d*)(\.\d*[1-9]|/[1-9]\d*)?")
WORDS = {"preference", "next_words", "aligned_words", "second_word"}
# What the rows and the columns of each matrix are called, where words do not decide it.
FEATURES, REWARD_FEATURES, TRANSFORMED = list("123"), list("1234"), list("12")
SOME = 50


def labels(key: plain.Key) -> dict[str, tuple[list[str], list[str]]]:
    """Row and column labels of the lines whose meaning a table of the two models fixes."""
    words = key["words"]
    vocabulary, loser, winner, prompt = (
        words[name] for name in ("vocabulary", "loser", "winner", "prompt")
    )
    rm_linear = (REWARD_FEATURES, [*FEATURES, "bias"])
    feed_forward = (TRANSFORMED, [*FEATURES, "bias"])
    output = (vocabulary, [*TRANSFORMED, "bias"])
    return {
        "embeddings": (FEATURES, ["[S]", *vocabulary]),
        "rm_linear": rm_linear,
        "rm_linear_gradient": rm_linear,
        "rm_linear_trained": rm_linear,
        "attention": (prompt, prompt),
        "llm_feed_forward": feed_forward,
        "llm_feed_forward_gradient": feed_forward,
        "llm_feed_forward_trained": feed_forward,
        "llm_output": output,
        "llm_output_gradient": output,
        "llm_output_trained": output,
        "loser_inputs": (FEATURES, loser),
        "loser_features": (REWARD_FEATURES, loser),
        "winner_inputs": (FEATURES, winner),
        "winner_features": (REWARD_FEATURES, winner),
        "prompt_inputs": (FEATURES, prompt),
        "attended": (FEATURES, prompt),
        "feed_forward": (TRANSFORMED, prompt),
        "transformed": (TRANSFORMED, prompt),
        "scores": (vocabulary, prompt),
        "aligned_scores": (vocabulary, prompt),
    }


@FAMILIES
def test_a_key_has_its_fields_in_order(level: int, edition: str) -> None:
    fields = [field for field in FIELDS if level > 1 or field != "constants"]
    for sheet, key in zip(sheets(level, edition), keys(level, edition), strict=True):
        assert list(key) == fields
        assert key["id"] == sheet.id == Identity("RLHF", level, sheet.identity.number, edition).text
        assert (key["kind"], key["level"], key["edition"]) == ("rlhf", level, edition)
        assert key["language"] == "en"
        assert list(key["words"]) == ["vocabulary", "loser", "winner", "prompt"]
        for line in key["lines"]:
            assert list(line) == LINE


@FAMILIES
def test_learning_rates_are_the_printed_constants(level: int, edition: str) -> None:
    for key in keys(level, edition)[:SOME]:
        constants = key.get("constants", {})
        right = {name: Fraction(rate) for name, rate in plain.constants(key).items()}
        assert {name: Fraction(rate) for name, rate in constants.items()} == right
        assert list(constants) == (["rm_learning_rate", "llm_learning_rate"] if level > 1 else [])


@FAMILIES
def test_lines_have_their_names_steps_roles_shapes_and_decimals(level: int, edition: str) -> None:
    for key in keys(level, edition):
        found = [
            (
                line["name"],
                line["step"],
                line["role"],
                (len(line["values"]), len(line["values"][0])),
                line["decimals"],
            )
            for line in key["lines"]
        ]
        assert found == plain.expected_lines(level)


@FAMILIES
def test_labels_are_as_printed(level: int, edition: str) -> None:
    for key in keys(level, edition)[:SOME]:
        expected = labels(key)
        for line in key["lines"]:
            rows, columns, cells = line["row_labels"], line["column_labels"], line["values"]
            assert len(rows) == len(cells)
            assert {len(columns)} == {len(row) for row in cells}
            assert all(label and not set("{}") & set(label) for label in [*rows, *columns])
            if line["name"] in expected:
                assert (rows, columns) == expected[line["name"]]


@FAMILIES
def test_values_are_numbers_as_files_write_them_or_words(level: int, edition: str) -> None:
    for key in keys(level, edition):
        words = {"[S]", *key["words"]["vocabulary"]}
        for line in key["lines"]:
            for cell in (cell for row in line["values"] for cell in row):
                if line["name"] in WORDS:
                    assert cell in words
                elif line["name"] == "generalised":
                    assert cell in ("yes", "no")
                else:
                    assert NUMBER.fullmatch(cell)
                    assert plain.written(Fraction(cell)) == cell


@FAMILIES
def test_a_rounded_line_has_no_more_decimals_than_it_says(level: int, edition: str) -> None:
    for key in keys(level, edition)[:SOME]:
        for line in key["lines"]:
            if line["decimals"] is not None:
                for cell in (cell for row in line["values"] for cell in row):
                    assert len(cell.partition(".")[2]) <= line["decimals"]


# What a page says and a line uses, by kind, name and the first level that has it.
CONSTANTS = {
    "backprop": {"learning_rate": ("0.1", 3)},
    "best_of_n": {"learning_rate": ("2", 3)},
    "constitutional": {
        "lowest_label": ("0.4", 2), "highest_label": ("0.6", 2), "learning_rate": ("0.1", 2),
    },
    "decoding": {"learning_rate": ("1", 3)},
    "dpo": {"beta": ("0.5", 1), "learning_rate": ("2", 3)},
    "gae": {
        "beta": ("2", 1), "gamma": ("1", 1), "lambda": ("0.5", 1), "learning_rate": ("1", 3),
    },
    "grpo": {"epsilon": ("0.2", 1), "beta": ("0.6", 3), "learning_rate": ("1", 3)},
    "kl_optimum": {"learning_rate": ("1", 3)},
    "ppo": {"epsilon": ("0.2", 1), "learning_rate": ("1", 3)},
    "pretraining": {"learning_rate": ("1", 3)},
    "reward_ranking": {"learning_rate": ("1", 3)},
    "rloo": {"learning_rate": ("5", 3)},
    "sft": {"learning_rate": ("2", 3)},
    "softmax": {"temperature": ("0.5", 3)},
}  # fmt: skip


@pytest.mark.parametrize("kind", sorted(set(all_kinds()) - {"rlhf"}))
def test_a_key_has_the_constants_that_its_page_says(kind: str) -> None:
    for level in find(kind).LEVELS:
        (sheet,) = make([Identity(find(kind).CODE, level, 1)])
        stated = CONSTANTS.get(kind, {}).items()
        expected = {name: value for name, (value, first) in stated if level >= first}
        assert sheet.key().get("constants", {}) == expected
