"""AES as the browser has it decrypts what OpenSSL encrypts, and the standard's own example."""

from random import Random

import pytest
import whole_run
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CBC

from worksheets.machine import aes

BITS = (128, 192, 256)


@pytest.mark.parametrize("bits", BITS)
def test_it_is_openssls(bits):
    random = Random(whole_run.seed())
    key, start = random.randbytes(bits // 8), random.randbytes(16)
    for blocks in (1, 2, 50):
        data = random.randbytes(16 * blocks)
        chained = encrypted(key, start, data)
        assert aes.cbc_encrypt(key, start, data) == chained
        assert aes.cbc_decrypt(key, start, chained) == data
        assert aes.ecb_decrypt(key, one_by_one(key, data)) == data


def encrypted(key, start, data):
    cipher = Cipher(AES(key), CBC(start)).encryptor()
    return cipher.update(data) + cipher.finalize()


def one_by_one(key, data):
    blocks = (data[at : at + 16] for at in range(0, len(data), 16))
    return b"".join(encrypted(key, bytes(16), block) for block in blocks)


def test_the_example_of_the_standard():
    """FIPS 197, appendix B."""
    key = bytes.fromhex("2b7e151628aed2a6abf7158809cf4f3c")
    plain = bytes.fromhex("3243f6a8885a308d313198a2e0370734")
    made = aes.cbc_encrypt(key, bytes(16), plain)
    assert made.hex() == "3925841d02dc09fbdc118597196a0b32"


def test_no_blocks_are_none():
    assert aes.cbc_decrypt(bytes(16), bytes(16), b"") == b""
