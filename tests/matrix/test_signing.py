"""Signed JSON, by the test vectors of the specification (spec.matrix.org, appendices, “Cryptographic Test Vectors”)."""

from typing import Any

import pytest
from unpaddedbase64 import decode_base64

from bot.adapters.matrix.signing import SigningKey, signed, vouched

KEY = SigningKey(decode_base64("YJDBA9Xnr2sVqXD9Vj7XVUnmFZcZrlw8Md7kMW+3XA1"))
USER = "@bot:example.org"
VALUE = {"name": "Bót", "nested": {"b": 2, "a": 1}}


@pytest.mark.parametrize(
    ("value", "signature"),
    [
        ({}, "K8280/U9SSy9IVtjBuVeLr+HpOB4BQFWbg+UZaADMtTdGYI7Geitb76LTrr5QV/7Xg4ahLwYGYZzuHGZKM5ZAQ"),
        ({"one": 1, "two": "Two"}, "KqmLSbO39/Bzb0QIYE82zqLwsA+PDzYIpIRA2sRQ4sL53+sN6/fpNSoqE7BP7vBZhG6kYdD13EIMJpvhJI+6Bw"),
    ],
)
def test_json_is_signed_as_the_specification_has_it(value: dict[str, Any], signature: str) -> None:
    assert KEY.sign(value) == signature
    assert KEY.sign({**value, "unsigned": {"age": 3}, "signatures": {USER: {"ed25519:1": signature}}}) == signature
    assert vouched(signed(value, USER, "1", signature), USER, "1", KEY.public)


def test_only_the_key_that_signed_vouches_and_only_for_what_it_signed() -> None:
    value = signed(VALUE, USER, KEY.public, KEY.sign(VALUE))
    assert vouched({**value, "unsigned": {"age": 3}}, USER, KEY.public, KEY.public)
    assert not vouched({**value, "name": "Bot"}, USER, KEY.public, KEY.public)
    assert not vouched(value, USER, KEY.public, SigningKey.new().public)
    assert not vouched(value, "@other:example.org", KEY.public, KEY.public)
    assert not vouched(value, USER, "other", KEY.public)


@pytest.mark.parametrize(
    "value", [VALUE, {**VALUE, "signatures": []}, {**VALUE, "signatures": {USER: {"ed25519:1": 3}}}, signed(VALUE, USER, "1", "AA")]
)
def test_what_is_no_signature_vouches_for_nothing(value: dict[str, Any]) -> None:
    assert not vouched(value, USER, "1", KEY.public)
    assert not vouched(value, USER, "1", "")


def test_a_private_key_is_never_shown() -> None:
    assert repr(KEY) == "SigningKey()"
