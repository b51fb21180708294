import os
import threading

import pytest
from django.core.exceptions import ImproperlyConfigured

from config import environment

DIGITS = "ab" * 32


def test_a_database_url_becomes_connection_settings():
    settings = environment.database(
        "postgresql://app:p%40ss@db.example:6432/jiangjie?sslmode=require"
    )

    assert settings == {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": "jiangjie",
        "USER": "app",
        "PASSWORD": "p@ss",
        "HOST": "db.example",
        "PORT": "6432",
        "OPTIONS": {"sslmode": "require"},
    }


@pytest.mark.parametrize(
    "url",
    ["postgresql://app@/jiangjie?host=%2Fsrv%2F%E5%B7%A5%20%E5%8C%A0", "postgresql://app@%2Fsrv%2F%E5%B7%A5%20%E5%8C%A0/jiangjie"],
    ids=("as an option", "as the host"),
)  # fmt: skip
def test_a_socket_folder_is_a_host(url):
    settings = environment.database(url)

    assert (settings["HOST"], settings["PORT"], settings["OPTIONS"]) == ("/srv/工 匠", "", {})


def test_another_database_is_refused_by_name():
    with pytest.raises(ImproperlyConfigured, match="只支持 PostgreSQL"):
        environment.database("mysql://localhost/jiangjie")


def test_a_missing_variable_is_named_with_its_meaning(monkeypatch):
    monkeypatch.delenv("DATABASE_URL", raising=False)

    with pytest.raises(ImproperlyConfigured, match=r"DATABASE_URL.*PostgreSQL"):
        environment.database_url()


@pytest.mark.parametrize(
    ("url", "broker"),
    [
        ("unix:///run/v.sock?db=3", "redis+socket:///run/v.sock?virtual_host=3"),
        ("rediss://:pw@cache.example:6380/1", "rediss://:pw@cache.example:6380/1"),
        ("", ""),
    ],
    ids=("socket", "network", "none"),
)
def test_celery_is_told_the_broker_in_its_own_spelling(monkeypatch, url, broker):
    monkeypatch.setenv("REDIS_URL", url)

    assert environment.broker_url() == broker
    assert environment.runs_jobs_inline() is (url == "")


def test_encryption_keys_are_numbered_and_the_newest_stands_first():
    keys = environment.numbered_keys(f"2:{'cd' * 32},1:{DIGITS}", "JIANGJIE_X_KEYS")

    assert list(keys.items()) == [(2, b"\xcd" * 32), (1, b"\xab" * 32)]
    assert environment.numbered_keys(DIGITS, "JIANGJIE_X_KEYS") == {1: b"\xab" * 32}


@pytest.mark.parametrize("digits", ["", "ab" * 31, "zz" * 32], ids=("empty", "short", "no number"))
def test_a_malformed_key_is_refused_without_being_shown(digits):
    with pytest.raises(ImproperlyConfigured) as refusal:
        environment.hex_key(digits, "JIANGJIE_DIGEST_KEY")

    assert str(refusal.value) == "JIANGJIE_DIGEST_KEY 应为 64 位十六进制数（32 字节）"


def test_a_local_key_is_drawn_once_and_kept_closed(monkeypatch, tmp_path):
    monkeypatch.setenv("JIANGJIE_HOME", str(tmp_path / "家"))
    monkeypatch.delenv("JIANGJIE_X_KEY", raising=False)
    drawn = []

    several = [
        threading.Thread(target=lambda: drawn.append(environment.local_key("JIANGJIE_X_KEY")))
        for _ in range(8)
    ]
    for one in several:
        one.start()
    for one in several:
        one.join()
    keys = tmp_path / "家" / "keys"

    assert drawn == [environment.local_key("JIANGJIE_X_KEY")] * 8
    assert len(bytes.fromhex(drawn[0])) == 32
    assert [path.name for path in keys.iterdir()] == ["jiangjie_x_key"]
    assert (keys.stat().st_mode & 0o777, (keys / "jiangjie_x_key").stat().st_mode & 0o777) == (
        0o700,
        0o600,
    )


def test_a_key_in_the_environment_wins(monkeypatch):
    monkeypatch.setenv("JIANGJIE_X_KEY", DIGITS)

    assert environment.local_key("JIANGJIE_X_KEY") == DIGITS
    assert os.environ["JIANGJIE_HOME"] not in DIGITS
