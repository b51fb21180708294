import pytest
from django.test import override_settings

from workflow.storage import vault

IDENTITY = b"110199199001010011"


@pytest.fixture(autouse=True)
def _fresh_ciphers():
    yield
    vault._ciphers.cache_clear()


def test_what_is_sealed_can_be_opened():
    assert vault.decrypt(vault.encrypt(IDENTITY)) == IDENTITY


def test_the_same_value_never_looks_the_same_twice():
    sealed = {vault.encrypt(IDENTITY) for _ in range(100)}

    assert len(sealed) == 100
    assert not any(IDENTITY in text for text in sealed)


@pytest.mark.parametrize("place", [1, 12, 20, -1], ids=("nonce", "nonce end", "text", "tag"))
def test_one_altered_bit_is_noticed(place):
    sealed = bytearray(vault.encrypt(IDENTITY))
    sealed[place] ^= 1

    with pytest.raises(vault.VaultError):
        vault.decrypt(bytes(sealed))


@pytest.mark.parametrize("sealed", [b"", b"\x09" + b"x" * 40, b"\x01short"])
def test_what_no_key_of_ours_sealed_is_refused(sealed):
    with pytest.raises(vault.VaultError):
        vault.decrypt(sealed)


def test_after_a_new_key_old_values_still_open_and_new_ones_use_it():
    old = vault.encrypt(IDENTITY)
    vault._ciphers.cache_clear()

    with override_settings(VAULT_KEYS={2: b"b" * 32, 1: b"test-encryption-key".ljust(32)}):
        new = vault.encrypt(IDENTITY)
        assert vault.decrypt(old) == vault.decrypt(new) == IDENTITY

    assert (old[0], new[0]) == (1, 2)


def test_a_digest_matches_equal_values_and_hangs_on_the_key():
    first = vault.digest("110199199001010011")

    with override_settings(VAULT_DIGEST_KEY=b"another"):
        other = vault.digest("110199199001010011")

    assert first == vault.digest("110199199001010011") != vault.digest("110199199001010029")
    assert first != other


@pytest.mark.parametrize(
    ("identity", "mask"),
    [("110199199001010011", "*" * 18), ("110199", "*" * 6), ("", "")],
)
def test_a_mask_shows_how_long_the_number_is_and_no_digit(identity, mask):
    assert vault.mask_identity(identity) == mask
