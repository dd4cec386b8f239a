"""Whom clients trust: every link of the chain from the master key to the device is a signature that is really there."""

from dataclasses import replace
from typing import Any

import pytest

from bot.adapters.matrix.published import MASTER, NAMES, SELF_SIGNING, USER_SIGNING, Published
from bot.adapters.matrix.signing import SigningKey, signed

USER, DEVICE = "@bot:example.org", "DEVICE"
OWN = SigningKey.new()
KEYS = {name: SigningKey.new() for name in NAMES}


def _key(name: str, by: SigningKey, made: SigningKey | None = None) -> dict[str, Any]:
    key = made or KEYS[name]
    public = {"user_id": USER, "usage": [name], "keys": {f"ed25519:{key.public}": key.public}}
    return signed(public, USER, by.public, by.sign(public))


def _device(by: SigningKey = KEYS[SELF_SIGNING], own: SigningKey = OWN) -> dict[str, Any]:
    keys = {f"ed25519:{DEVICE}": own.public, f"curve25519:{DEVICE}": "secret talk"}
    value = {"user_id": USER, "device_id": DEVICE, "algorithms": [], "keys": keys}
    found = signed(value, USER, DEVICE, own.sign(value))
    found["signatures"][USER][f"ed25519:{by.public}"] = by.sign(value)
    return found


TRUE = Published(
    user=USER,
    device_id=DEVICE,
    device=_device(),
    keys={name: _key(name, KEYS[MASTER]) for name in NAMES},
    own={f"ed25519:{DEVICE}": OWN.public, f"curve25519:{DEVICE}": "secret talk"},
)
FOREIGN = SigningKey.new()


def test_a_device_that_the_account_signed_is_trusted() -> None:
    assert TRUE.fault() == ""
    assert TRUE.trusted()
    assert {name: TRUE.public(name) for name in NAMES} == {name: key.public for name, key in KEYS.items()}


@pytest.mark.parametrize(
    "shown",
    [
        replace(TRUE, device=_device(by=FOREIGN)),
        replace(TRUE, device=_device(by=KEYS[USER_SIGNING])),
        replace(TRUE, keys={**TRUE.keys, MASTER: _key(MASTER, FOREIGN, FOREIGN)}),
        replace(TRUE, keys={**TRUE.keys, SELF_SIGNING: _key(SELF_SIGNING, FOREIGN)}),
        replace(TRUE, device=_device(by=FOREIGN), keys={**TRUE.keys, SELF_SIGNING: _key(SELF_SIGNING, FOREIGN, FOREIGN)}),
        replace(TRUE, keys={name: {} for name in NAMES}),
        replace(TRUE, keys={name: {"keys": 3} for name in NAMES}),
        replace(TRUE, device={}),
    ],
)
def test_a_chain_with_one_link_of_somebody_else_is_not_trusted(shown: Published) -> None:
    assert not shown.trusted()


@pytest.mark.parametrize(
    ("device", "fault"),
    [
        ({}, "has no keys of the device"),
        (_device(own=FOREIGN), "other keys for the device"),
        ({**_device(), "algorithms": ["m.weak"]}, "not signed by itself"),
    ],
)
def test_device_keys_that_are_not_those_of_the_crypto_store_are_told(device: dict[str, Any], fault: str) -> None:
    assert fault in replace(TRUE, device=device).fault()
