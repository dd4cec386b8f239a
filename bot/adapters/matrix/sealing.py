"""How secrets lie on the homeserver, which cannot read them, and the recovery key that opens them.

spec.matrix.org, client-server API, “Secret storage”: `m.secret_storage.v1.aes-hmac-sha2` and “Key representation”.
"""

import hmac
import secrets
from collections.abc import Mapping
from functools import reduce
from hashlib import sha256
from operator import xor
from typing import Any

from Crypto.Cipher import AES
from Crypto.Hash import SHA256
from Crypto.Protocol.KDF import HKDF
from unpaddedbase64 import decode_base64, encode_base64

from bot.errors import ConfigError

ALGORITHM = "m.secret_storage.v1.aes-hmac-sha2"
_SIZE = 32
_PREFIX = b"\x8b\x01"
_LETTERS = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_MISTYPED = (
    "The recovery key is mistyped: it is twelve groups of four letters and digits that begin with “Es”. Compare it with what was noted"
)


class NotOpened(Exception):
    """A secret was sealed with another key, changed since, or is none of 32 bytes."""


def new_key() -> bytes:
    """A key for secrets that nobody has had before."""
    return secrets.token_bytes(_SIZE)


def written(key: bytes) -> str:
    """The recovery key: a key as a person notes it, in groups of four."""
    data = _PREFIX + key
    number = int.from_bytes(data + bytes([reduce(xor, data)]))
    text = ""
    while number:
        number, rest = divmod(number, len(_LETTERS))
        text = _LETTERS[rest] + text
    return " ".join(text[at : at + 4] for at in range(0, len(text), 4))


def read(text: str) -> bytes:
    """The key that a person noted; blanks do not matter. Raises ConfigError for one that is mistyped."""
    typed = "".join(text.split())
    try:
        number = reduce(lambda number, letter: number * len(_LETTERS) + _LETTERS.index(letter), typed, 0)
        key = number.to_bytes(len(_PREFIX) + _SIZE + 1)[len(_PREFIX) : -1]
    except (ValueError, OverflowError):
        raise ConfigError(_MISTYPED) from None
    if written(key).replace(" ", "") != typed:  # The prefix and the last byte, which is the parity of the others.
        raise ConfigError(_MISTYPED)
    return key


def describe(key: bytes) -> dict[str, str]:
    """What is published of a key, by which it is known again."""
    check = _sealed(key, "", bytes(_SIZE), _iv())
    return {"algorithm": ALGORITHM, "iv": check["iv"], "mac": check["mac"]}


def opens(key: bytes, description: Mapping[str, Any]) -> bool:
    """Whether a key is the one described, or may be, where the description does not tell. Never raises."""
    if description.get("algorithm") != ALGORITHM:
        return False
    if not description.keys() & {"iv", "mac"}:
        return True
    try:
        check = _sealed(key, "", bytes(_SIZE), decode_base64(description["iv"]))
        return hmac.compare_digest(check["mac"], description["mac"].rstrip("="))
    except (KeyError, AttributeError, TypeError, ValueError):
        return False


def seal(key: bytes, name: str, secret: bytes) -> dict[str, str]:
    """A secret of 32 bytes that only `key` opens, and only under its name (`m.cross_signing.master`)."""
    return _sealed(key, name, encode_base64(secret).encode(), _iv())


def unseal(key: bytes, name: str, sealed: Mapping[str, Any]) -> bytes:
    """The secret again. Raises NotOpened."""
    cipher_key, mac_key = _keys(key, name)
    try:
        ciphertext = decode_base64(sealed["ciphertext"])
        if not hmac.compare_digest(_mac(mac_key, ciphertext), decode_base64(sealed["mac"])):
            raise NotOpened
        secret = decode_base64(_stream(cipher_key, decode_base64(sealed["iv"]), ciphertext).decode())
    except (KeyError, AttributeError, TypeError, ValueError):
        raise NotOpened from None
    if len(secret) != _SIZE:
        raise NotOpened
    return secret


def _sealed(key: bytes, name: str, data: bytes, iv: bytes) -> dict[str, str]:
    cipher_key, mac_key = _keys(key, name)
    ciphertext = _stream(cipher_key, iv, data)
    return {"iv": encode_base64(iv), "ciphertext": encode_base64(ciphertext), "mac": encode_base64(_mac(mac_key, ciphertext))}


def _iv() -> bytes:
    """16 random bytes whose bit 63 is 0: some clients count in 64 bits only, and must not run over."""
    iv = bytearray(secrets.token_bytes(16))
    iv[8] &= 0x7F
    return bytes(iv)


def _keys(key: bytes, name: str) -> tuple[bytes, bytes]:
    """The keys of the cipher and of its authentication code."""
    both = HKDF(key, 2 * _SIZE, bytes(8), SHA256, context=name.encode())
    return both[:_SIZE], both[_SIZE:]


def _stream(key: bytes, iv: bytes, data: bytes) -> bytes:
    """AES-CTR, which is its own inverse. Raises ValueError for an `iv` that is not 16 bytes."""
    return AES.new(key, AES.MODE_CTR, nonce=b"", initial_value=iv).encrypt(data)


def _mac(key: bytes, data: bytes) -> bytes:
    return hmac.digest(key, data, sha256)
