"""The kind `matmul` a second time, in plain Python; nothing here comes from the package."""

from fractions import Fraction

from plain import Key, Matrix, as_written, flat, givens


def cell(left: Matrix, right: Matrix, row: int, column: int) -> Fraction:
    """A row of the left factor times a column of the right one."""
    return sum(
        (left[row][place] * right[place][column] for place in range(len(right))), Fraction(0)
    )


def times(left: Matrix, right: Matrix) -> Matrix:
    """Every cell of a product."""
    return [
        [cell(left, right, row, column) for column in range(len(right[0]))]
        for row in range(len(left))
    ]


def slope_of(slope: Matrix, left: Matrix, right: Matrix) -> tuple[Matrix, Matrix]:
    """How Σ slope ⊙ (left · right) changes when an entry grows by 1: the loss is linear in each."""

    def loss(left: Matrix, right: Matrix) -> Fraction:
        cells = zip(flat(slope), flat(times(left, right)), strict=True)
        return sum((g * c for g, c in cells), Fraction(0))

    def grown(matrix: Matrix, row: int, column: int) -> Matrix:
        copy = [list(cells) for cells in matrix]
        copy[row][column] += 1
        return copy

    before = loss(left, right)
    places = [[(row, column) for column in range(3)] for row in range(3)]
    by_left = [[loss(grown(left, *at), right) - before for at in row] for row in places]
    by_right = [[loss(left, grown(right, *at)) - before for at in row] for row in places]
    return by_left, by_right


def recompute(key: Key) -> dict[str, list[list[str]]]:
    """Every answer of the key's level, from its givens, in order."""
    given = givens(key)
    left, right = given["left"], given["right"]
    lines = {"product": times(left, right)}
    lines["next_product"] = times(given["next"], lines["product"])
    if key["level"] >= 2:
        by_left, by_right = slope_of(given["upstream_gradient"], left, right)
        lines["left_gradient"] = by_left
    if key["level"] >= 3:
        lines["right_gradient"] = by_right
        lines["right_shape"] = [[given["left_shape"][0][1], given["product_shape"][0][1]]]
        (total,), (first, *others) = given["total"][0:1][0], given["row"][0]
        known = sum((a * b for a, (b,) in zip(others, given["known"], strict=True)), Fraction(0))
        lines |= {"known_part": [[known]], "rest": [[total - known]]}
        lines["missing_entry"] = [[(total - known) / first]]
    return as_written(lines)


def violations(key: Key) -> list[str]:
    """Every guarantee that the sheet breaks."""
    given = givens(key)
    found = []
    for name in ("left", "right", "next", "upstream_gradient"):
        matrix = given.get(name, [[Fraction(1)]])
        if not all(any(line) for line in [*matrix, *zip(*matrix, strict=True)]):
            found.append(f"{name}: a row or a column is all 0")
        if any(abs(cell) > 3 for row in matrix for cell in row):
            found.append(f"{name}: beyond ±3")
    AB = times(given["left"], given["right"])
    columns = list(zip(*AB, strict=True))
    if not all(any(line) for line in [*AB, *columns]) or len(set(columns)) < len(columns):
        found.append("product: a row or a column is all 0, or two columns are the same")
    if not any(min(row) < 0 < max(row) for row in AB):
        found.append("product: no row has both signs")
    if key["level"] >= 3:
        missing = Fraction(recompute(key)["missing_entry"][0][0])
        if missing.denominator > 1 or abs(missing) > 3:
            found.append(f"missing_entry: {missing}")
        if abs(given["row"][0][0]) < 2:
            found.append("row: nothing to divide by")
        if given["left_shape"][0][0] != given["product_shape"][0][0]:
            found.append("product_shape: not the rows of the left factor")
        answer = recompute(key)["right_shape"]
        if answer in (as_written(given)["left_shape"], as_written(given)["product_shape"]):
            found.append("right_shape: it stands on the page already")
    return found
