"""Secrets as other implementations seal them, and the recovery key that opens them."""

import pytest
from unpaddedbase64 import decode_base64

from bot.adapters.matrix import sealing
from bot.adapters.matrix.sealing import NotOpened
from bot.errors import ConfigError

KEY = sealing.new_key()
NAME = "m.cross_signing.master"

# Of the tests of matrix-rust-sdk (secret_storage.rs).
KNOWN = "EsTp RvZT njck 8Yrh RAtw XLS8 4Nr2 r9S9 LGAW DaEx VAPB vLRK"
KNOWN_BYTES = "9fbd46bb345171c6f6022c9a25d5681ba54eec6a6c4953f3adc0b96e9d91ada3"

# A recovery key, what is published of the key, and a secret that it opens: of the tests of mautrix-go (crypto/ssss).
THEIRS = "EsTE s92N EtaX s2h6 VQYF 9Kao tHYL mkyL GKMh isZb KJ4E tvoC"
THEIR_DESCRIPTION = {
    "algorithm": "m.secret_storage.v1.aes-hmac-sha2",
    "iv": "xxkTK0L4UzxgAFkQ6XPwsw",
    "mac": "MEhooO0ZhFJNxUhvRMSxBnJfL20wkLgle3ocY0ee/eA",
}
THEIR_SECRET = {
    "iv": "BpKP9nQJTE9jrsAssoxPqQ==",
    "ciphertext": "fNRiiiidezjerTgV+G6pUtmeF3izzj5re/mVvY0hO2kM6kYGrxLuIu2ej80=",
    "mac": "/gWGDGMyOLmbJp+aoSLh5JxCs0AdS6nAhjzpe+9G2Q0=",
}
THEIR_MASTER = "68f97fd1922eecf6b82bb890d24d0652984e7a1d703b9e867b7ebaf7feb95b6f"


def test_a_recovery_key_is_written_and_read_as_others_do() -> None:
    assert sealing.written(bytes.fromhex(KNOWN_BYTES)) == KNOWN
    assert sealing.read(KNOWN).hex() == KNOWN_BYTES


@pytest.mark.parametrize("typed", [KNOWN.replace(" ", ""), KNOWN.replace(" ", "\u00a0\n"), f"  {KNOWN}\n"])
def test_blanks_in_a_recovery_key_do_not_matter(typed: str) -> None:
    assert sealing.read(typed).hex() == KNOWN_BYTES


@pytest.mark.parametrize(
    "typed", ["", "no", KNOWN[:-1] + "k", KNOWN[:-1], KNOWN + "1", "1" + KNOWN, KNOWN.replace("p", "0", 1), KNOWN.lower(), KNOWN * 100]
)
def test_a_mistyped_recovery_key_is_told_and_not_shown(typed: str) -> None:
    with pytest.raises(ConfigError, match="mistyped") as refusal:
        sealing.read(typed)
    assert KNOWN[5:9] not in str(refusal.value)


def test_what_others_sealed_is_opened_with_their_recovery_key() -> None:
    key = sealing.read(THEIRS)
    assert sealing.opens(key, THEIR_DESCRIPTION)
    assert sealing.unseal(key, NAME, THEIR_SECRET).hex() == THEIR_MASTER


def test_a_key_is_known_by_its_description_and_another_is_not() -> None:
    described = sealing.describe(KEY)
    assert sealing.opens(KEY, described)
    assert not sealing.opens(sealing.new_key(), described)
    assert sealing.opens(KEY, {"algorithm": sealing.ALGORITHM})
    assert not sealing.opens(KEY, {**described, "algorithm": "m.other"})


def test_a_secret_opens_with_its_key_under_its_name_only() -> None:
    secret = sealing.new_key()
    sealed = sealing.seal(KEY, NAME, secret)
    assert sealing.unseal(KEY, NAME, sealed) == secret
    for key, name in ((sealing.new_key(), NAME), (KEY, "m.cross_signing.self_signing")):
        with pytest.raises(NotOpened):
            sealing.unseal(key, name, sealed)


@pytest.mark.parametrize("changed", [{}, {"mac": "AA"}, {"mac": None}, {"ciphertext": "é"}, {"iv": "AA"}, {"iv": 3}])
def test_what_is_no_sealed_secret_opens_with_no_key(changed: dict[str, object]) -> None:
    sealed = {**sealing.seal(KEY, NAME, sealing.new_key()), **changed} if changed else {}
    with pytest.raises(NotOpened):
        sealing.unseal(KEY, NAME, sealed)
    assert not sealing.opens(KEY, {**sealing.describe(KEY), **changed} if changed.keys() & {"mac", "iv"} else {})


def test_no_two_seals_are_alike_and_every_iv_leaves_room_to_count() -> None:
    seals = [sealing.seal(KEY, NAME, KEY) for _ in range(64)]
    assert len({sealed["iv"] for sealed in seals}) == len({sealed["ciphertext"] for sealed in seals}) == 64
    assert all(decode_base64(sealed["iv"])[8] < 0x80 for sealed in seals)
