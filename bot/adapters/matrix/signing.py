"""JSON that is signed, by which one key vouches for another (spec.matrix.org, appendices, “Signing JSON”)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from Crypto.PublicKey import ECC
from Crypto.Random import get_random_bytes
from Crypto.Signature import eddsa
from nio.api import Api
from unpaddedbase64 import encode_base64
from vodozemac import Ed25519PublicKey, Ed25519Signature

ALGORITHM = "ed25519"


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A private Ed25519 key, of which `seed` (32 bytes) is all that has to be kept."""

    seed: bytes = field(repr=False)

    @classmethod
    def new(cls) -> "SigningKey":
        """A key that nobody has had before."""
        return cls(get_random_bytes(32))

    @property
    def public(self) -> str:
        """The public key in unpadded base64, which is also the name of a cross-signing key."""
        return encode_base64(self._key.public_key().export_key(format="raw"))

    def sign(self, value: Mapping[str, Any]) -> str:
        """The signature over a JSON object, in unpadded base64."""
        return encode_base64(eddsa.new(self._key, "rfc8032").sign(canonical(value)))

    @property
    def _key(self) -> ECC.EccKey:
        return ECC.construct(curve="Ed25519", seed=self.seed)


def canonical(value: Mapping[str, Any]) -> bytes:
    """What of a JSON object is signed: canonical JSON without the signatures and what the homeserver adds."""
    return Api.to_canonical_json(unsigned(value)).encode()


def unsigned(value: Mapping[str, Any]) -> dict[str, Any]:
    """A JSON object without its signatures and what the homeserver adds."""
    return {name: part for name, part in value.items() if name not in {"signatures", "unsigned"}}


def signed(value: Mapping[str, Any], user: str, name: str, signature: str) -> dict[str, Any]:
    """A JSON object with one signature and no other: that of the key `name` (a device's id, or a cross-signing key) of `user`."""
    return {**unsigned(value), "signatures": {user: {f"{ALGORITHM}:{name}": signature}}}


def vouched(value: Mapping[str, Any], user: str, name: str, public: str) -> bool:
    """Whether the key `name` of `user`, whose public part is `public`, really signed a JSON object. Never raises."""
    try:
        signature = Ed25519Signature.from_base64(value["signatures"][user][f"{ALGORITHM}:{name}"])
        Ed25519PublicKey.from_base64(public).verify_signature(canonical(value), signature)
    except (KeyError, TypeError, ValueError):
        return False
    return True
