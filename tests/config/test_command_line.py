import os
import subprocess
import sys
from pathlib import Path

import pytest

from config import command_line

ROOT = Path(__file__).resolve().parents[2]


def manage(*arguments, **environment):
    return python("manage.py", *arguments, **environment)


def python(*arguments, **environment):
    """Run a program as a person without any setting of ours would."""
    inherited = {k: v for k, v in os.environ.items() if k in {"PATH", "HOME", "LANG", "TMPDIR"}}
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=ROOT,
        env=inherited | environment,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def production():
    return {
        "DJANGO_SETTINGS_MODULE": "config.settings.production",
        "DATABASE_URL": "postgresql://jiangjie_app@db.example/jiangjie",
        "REDIS_URL": "redis://cache.example/0",
        "JIANGJIE_ALLOWED_HOSTS": "jiangjie.example",
        "JIANGJIE_PROXIES": "127.0.0.1",
        "JIANGJIE_SECRET_KEY": "correct-horse-battery-staple-" * 3,
        "JIANGJIE_ENCRYPTION_KEYS": "1:" + "ab" * 32,
        "JIANGJIE_ANCHOR_KEYS": "1:" + "ef" * 32,
        "JIANGJIE_DIGEST_KEY": "cd" * 32,
    }


@pytest.mark.parametrize(
    "name",
    ["DATABASE_URL", "REDIS_URL", "JIANGJIE_ALLOWED_HOSTS", "JIANGJIE_PROXIES", "JIANGJIE_SECRET_KEY", "JIANGJIE_ENCRYPTION_KEYS", "JIANGJIE_ANCHOR_KEYS", "JIANGJIE_DIGEST_KEY"],
)  # fmt: skip
def test_production_names_the_variable_it_misses(production, name):
    del production[name]

    done = manage("check", **production)

    assert done.returncode != 0
    assert f"缺少环境变量 {name}" in done.stderr


def test_production_starts_no_service_of_its_own(production, tmp_path):
    done = manage("check", JIANGJIE_HOME=str(tmp_path / "home"), **production)

    assert done.returncode == 0, done.stderr
    assert not (tmp_path / "home").exists()


def test_help_starts_nothing(tmp_path):
    done = manage("migrate", "--help", JIANGJIE_HOME=str(tmp_path / "home"))

    assert done.returncode == 0, done.stderr
    assert not (tmp_path / "home" / "services").exists()


@pytest.mark.parametrize(
    ("command", "role"), [("migrate", "owner"), ("load_demo", "app"), ("shell", "app")]
)
def test_only_schema_commands_run_as_the_owner(monkeypatch, command, role):
    monkeypatch.setenv("DATABASE_URL", "postgresql://app@/j")
    monkeypatch.setenv("DATABASE_OWNER_URL", "postgresql://owner@/j")

    command_line.prepare(["manage.py", command])

    assert os.environ["DATABASE_URL"] == f"postgresql://{role}@/j"


def test_without_an_owner_the_application_migrates_itself(monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgresql://app@/j")
    monkeypatch.delenv("DATABASE_OWNER_URL")

    command_line.prepare(["manage.py", "migrate"])

    assert os.environ["DATABASE_URL"] == "postgresql://app@/j"


@pytest.mark.parametrize("program", [("manage.py", "check"), ("-m", "config.launcher")])
@pytest.mark.parametrize(
    ("home", "why"),
    [
        ("/proc/匠阶", "所在位置不能建目录"),
        (str(Path(__file__)), "同名的已有文件不是目录"),
        (f"{__file__}/里面", "路径中有一段不是目录"),
        (f"/tmp/{'长' * 100}", "路径过长"),
    ],
)
def test_a_home_that_cannot_be_is_said_in_one_sentence(program, home, why):
    ended = python(*program, JIANGJIE_HOME=home, PORT="8391")

    sentence = f"数据目录 {home} 不能使用：{why}。请改正，或以 JIANGJIE_HOME 另指一个可写的目录。\n"
    assert (ended.returncode, ended.stdout, ended.stderr) == (1, "", sentence)
