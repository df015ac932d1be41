"""Stand in for a compiled AES (FIPS 197) where there is none, so that locked PDFs can be read."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from functools import lru_cache
from typing import TypeAlias

import numpy as np

Bytes: TypeAlias = np.ndarray[tuple[int, ...], np.dtype[np.uint8]]

BLOCK = 16  # bytes
# Multiplication by 2 in the field of 256 elements: what goes over is taken off by this polynomial.
POLYNOMIAL = 0x11B


def _times(a: int, b: int) -> int:
    product = 0
    while b:
        product ^= a * (b & 1)
        a, b = (a << 1) ^ (POLYNOMIAL * (a >> 7)), b >> 1
    return product


def _rotated(word: int, turn: int) -> int:
    return (word << 32 - turn | word >> turn) & 0xFFFFFFFF


def _substitutes() -> list[int]:
    """Return the S-box: each byte's inverse in the field, of which an affine map is taken."""
    found = [0x63] * 256
    power, inverse = 1, 1  # 3 generates the field, and 0xF6 is its inverse
    for _ in range(255):
        turned = inverse * 0x101  # so that a shift is a rotation
        found[power] = 0x63 ^ 0xFF & (
            turned ^ turned >> 4 ^ turned >> 5 ^ turned >> 6 ^ turned >> 7
        )
        power, inverse = _times(power, 3), _times(inverse, 0xF6)
    return found


SUBSTITUTES = _substitutes()
INVERSE = np.argsort(SUBSTITUTES).astype(np.uint8)
# Columns of the state that substitution and mixing make of a byte in their first row, then of one
# in each row below.
FIRST = [_times(s, 2) << 24 | s << 16 | s << 8 | _times(s, 3) for s in SUBSTITUTES]
COLUMNS = [FIRST, *([_rotated(one, turn) for one in FIRST] for turn in (8, 16, 24))]
UNMIXED = {
    by: np.array([_times(one, by) for one in range(256)], np.uint8) for by in (9, 11, 13, 14)
}
FACTORS = ((0, 14), (1, 9), (2, 13), (3, 11))  # of a row that is so many rows above
# Where a byte of the state comes from when its rows are shifted back.
SHIFTED_BACK = [(place - 4 * (place % 4)) % BLOCK for place in range(BLOCK)]


@lru_cache(64)
def _round_keys(key: bytes) -> list[int]:
    """Return the words of the key's expansion, four a round."""
    length = len(key) // 4
    words = list(struct.unpack(f">{length}I", key))
    constant = 1
    for place in range(length, 4 * (length + 7)):
        word = words[-1]
        if place % length == 0:
            word = _substituted(_rotated(word, 24)) ^ constant << 24
            constant = _times(constant, 2)
        elif length > 6 and place % length == 4:
            word = _substituted(word)
        words.append(words[-length] ^ word)
    return words


def _substituted(word: int) -> int:
    return int.from_bytes(bytes(SUBSTITUTES[one] for one in word.to_bytes(4, "big")), "big")


def _encrypted(state: Sequence[int], keys: list[int]) -> tuple[int, ...]:
    """Return a block of four words encrypted."""
    t, u, v, w = COLUMNS
    a, b, c, d = (one ^ key for one, key in zip(state, keys[:4], strict=True))
    for at in range(4, len(keys) - 4, 4):
        k, l, m, n = keys[at : at + 4]  # noqa: E741 (one of four)
        a, b, c, d = (
            t[a >> 24] ^ u[b >> 16 & 255] ^ v[c >> 8 & 255] ^ w[d & 255] ^ k,
            t[b >> 24] ^ u[c >> 16 & 255] ^ v[d >> 8 & 255] ^ w[a & 255] ^ l,
            t[c >> 24] ^ u[d >> 16 & 255] ^ v[a >> 8 & 255] ^ w[b & 255] ^ m,
            t[d >> 24] ^ u[a >> 16 & 255] ^ v[b >> 8 & 255] ^ w[c & 255] ^ n,
        )
    s = SUBSTITUTES
    k, l, m, n = keys[-4:]  # noqa: E741 (one of four)
    return (
        (s[a >> 24] << 24 | s[b >> 16 & 255] << 16 | s[c >> 8 & 255] << 8 | s[d & 255]) ^ k,
        (s[b >> 24] << 24 | s[c >> 16 & 255] << 16 | s[d >> 8 & 255] << 8 | s[a & 255]) ^ l,
        (s[c >> 24] << 24 | s[d >> 16 & 255] << 16 | s[a >> 8 & 255] << 8 | s[b & 255]) ^ m,
        (s[d >> 24] << 24 | s[a >> 16 & 255] << 16 | s[b >> 8 & 255] << 8 | s[c & 255]) ^ n,
    )


def cbc_encrypt(key: bytes, iv: bytes, data: bytes) -> bytes:
    """Return whole blocks encrypted, each with the one before it."""
    keys = _round_keys(key)
    a, b, c, d = struct.unpack(">4I", iv)
    made = bytearray()
    for e, f, g, h in struct.iter_unpack(">4I", data):
        a, b, c, d = _encrypted((a ^ e, b ^ f, c ^ g, d ^ h), keys)
        made += struct.pack(">4I", a, b, c, d)
    return bytes(made)


def ecb_decrypt(key: bytes, data: bytes) -> bytes:
    """Return whole blocks decrypted, each by itself, all at once."""
    words = _round_keys(key)
    keys = np.frombuffer(struct.pack(f">{len(words)}I", *words), np.uint8).reshape(-1, BLOCK)
    state = np.frombuffer(data, np.uint8).reshape(-1, BLOCK) ^ keys[-1]
    for round_key in keys[-2:0:-1]:
        state = INVERSE[state[:, SHIFTED_BACK]] ^ round_key
        state = _unmixed(state.reshape(-1, 4)).reshape(-1, BLOCK)
    return bytes(INVERSE[state[:, SHIFTED_BACK]] ^ keys[0])


def _unmixed(columns: Bytes) -> Bytes:
    """Return columns as they were before their rows were mixed."""
    a, b, c, d = (np.roll(UNMIXED[by][columns], turn, 1) for turn, by in FACTORS)
    return a ^ b ^ c ^ d


def cbc_decrypt(key: bytes, iv: bytes, data: bytes) -> bytes:
    """Return whole blocks decrypted, each with the one before it."""
    before = np.frombuffer((iv + data)[: len(data)], np.uint8)
    plain = np.frombuffer(ecb_decrypt(key, data), np.uint8)
    return (plain ^ before).tobytes()
