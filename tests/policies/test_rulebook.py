from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from policies.documents import document, rulebook
from policies.library import parse, read_library
from policies.wording import chinese_number
from tests.policies.conftest import POLICY

DOCS = Path(__file__).parents[2] / "docs"


def test_the_printed_rule_book_is_current():
    pages = rulebook([file.policy for file in read_library()])

    printed = {name: (DOCS / name).read_text(encoding="utf-8") for name in pages}
    assert printed == pages, "政策文件有变动：请运行 make rulebook"
    assert {p.name for p in (DOCS / "rulebook").iterdir()} == {
        Path(name).name for name in pages if "/" in name
    }


def test_a_document_numbers_its_articles_and_ends_with_signature_and_digest():
    policy = parse(POLICY, name="sample.toml")

    text = document(policy)

    assert "**第一条　最高层级**" in text
    assert "**第二条　一线五年**\n\n- 适用：最高层级\n- 要求：一线工作月数不少于 60 个月" in text
    assert "共 2 条" in text
    assert text.rstrip().endswith(f"`{policy.digest}`")


def test_a_default_is_marked():
    text = POLICY.replace("at_least = 60", 'at_least = 60\ndefault = true\nnote = "默认取整月"')

    assert "**第二条　一线五年**【默认·待确认】" in document(parse(text, name="sample.toml"))


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (1, "一"), (9, "九"), (10, "十"), (11, "十一"), (20, "二十"), (21, "二十一"), (99, "九十九"),
        (100, "一百"), (101, "一百零一"), (110, "一百一十"), (115, "一百一十五"), (120, "一百二十"),
    ],
)  # fmt: skip
def test_articles_are_numbered_as_in_law(number, words):
    assert chinese_number(number) == words


def test_the_command_writes_an_index_and_one_document_for_each_policy(tmp_path):
    call_command("rulebook", out=tmp_path / "book")

    assert len(list((tmp_path / "book" / "rulebook").iterdir())) == len(read_library())
    assert "# 政策规则手册" in (tmp_path / "book" / "rulebook.md").read_text(encoding="utf-8")


def test_the_command_says_when_it_cannot_write(tmp_path):
    (tmp_path / "file").write_text("x")

    with pytest.raises(CommandError, match="无法写入"):
        call_command("rulebook", out=tmp_path / "file")


@pytest.mark.parametrize("command", ["load_policies", "rulebook"])
def test_help_is_in_chinese(command, capsys):
    with pytest.raises(SystemExit):
        call_command(command, "--help")

    said = capsys.readouterr().out
    assert said.startswith("用法：")
    assert "显示本说明后退出" in said
    assert not [words for words in ("show this", "options:", "Skip system") if words in said]


def test_the_command_refuses_a_library_that_does_not_hold(tmp_path):
    (tmp_path / "sample.toml").write_text(POLICY.replace("at_least", "atleast"), encoding="utf-8")

    with pytest.raises(CommandError, match=r"sample.toml 第 \d+ 行"):
        call_command("rulebook", out=tmp_path, folder=tmp_path)
