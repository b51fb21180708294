"""Secrets at rest: encryption of single values and files, and keyed digests for matching.

A ciphertext is one byte naming the key, a 12-byte nonce, and AES-256-GCM output. Keys come from
the settings (``VAULT_KEYS``, newest first); the digest key never changes, or nobody is found again.
"""

from __future__ import annotations

import hmac
import os
from functools import cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

NONCE_BYTES = 12


class VaultError(Exception):
    """A ciphertext that no key of ours opens: the wrong keys are configured, or it was altered."""


@cache
def _ciphers() -> dict[int, AESGCM]:
    return {number: AESGCM(key) for number, key in settings.VAULT_KEYS.items()}


def encrypt(plain: bytes) -> bytes:
    """Encrypt under the newest key; every call gives another ciphertext."""
    number, cipher = next(iter(_ciphers().items()))
    nonce = os.urandom(NONCE_BYTES)
    return bytes((number,)) + nonce + cipher.encrypt(nonce, plain, None)


def decrypt(sealed: bytes | memoryview) -> bytes:
    """Open a ciphertext under the key it names."""
    sealed = bytes(sealed)
    try:
        cipher = _ciphers()[sealed[0]]
        return cipher.decrypt(sealed[1 : 1 + NONCE_BYTES], sealed[1 + NONCE_BYTES :], None)
    except (KeyError, IndexError, ValueError, InvalidTag) as error:
        message = "密文无法解开：密钥配置不符或数据被改动"
        raise VaultError(message) from error


def digest(text: str) -> bytes:
    """Keyed digest (HMAC-SHA-256) of a normalised value: equal values match, none can be guessed."""
    return hmac.digest(settings.VAULT_DIGEST_KEY, text.encode(), "sha256")


def mask_identity(identity: str) -> str:
    """An identity number as staff see it: how long it is, and no digit of it.

    With the county a name and a birthday, which stand beside it, leave a few hundred numbers.
    """
    return "*" * len(identity)
