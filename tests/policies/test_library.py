from datetime import date
from decimal import Decimal

import pytest

from policies.library import parse, read_library
from policies.library.policy import Rounding, rounded
from policies.library.problems import PolicyFileError
from tests.policies.conftest import POLICY

KNOWN = frozenset({"frontline_months", "level"})


def line_with(text, words):
    return next(i for i, line in enumerate(text.splitlines(), start=1) if words in line)


def refusals(text, name="sample.toml"):
    with pytest.raises(PolicyFileError) as refused:
        parse(text, name=name, known=KNOWN)
    return [(p.line, p.message) for p in refused.value.problems]


def test_the_sample_itself_is_accepted():
    policy = parse(POLICY, name="sample.toml", known=KNOWN)

    assert policy.criteria_of("top")[0].at_least == 60
    assert policy.effective_from == date(2024, 1, 1)


TIER = 'subject = "person"\n'
CRITERION = "at_least = 60\n"
SOURCED = 'source = "S9"\nquote = "有5年'


@pytest.mark.parametrize(
    ("old", "new", "at", "message"),
    [
        (CRITERION, "more_than = 60\n", "more_than", "不认识的键 more_than"),
        (CRITERION, "", 'code = "months"', "须写且只写一种比较"),
        (CRITERION, "at_least = 60\nat_most = 90\n", 'code = "months"', "须写且只写一种比较"),
        (CRITERION, 'at_least = "60"\n', "at_least", "应是数字"),
        (CRITERION, "at_least = true\n", "at_least", "应是数字"),
        (CRITERION, "at_least = 60\ntolerance = -1\n", "tolerance", "容差不能为负"),
        ('"must"', '"maybe"', "maybe", "只能是 must、warn、human"),
        ('"must"', '"human"', "human", "由人核定"),
        ('"must"', '"warn"', "[[tiers]]", "人人合格"),
        ('"frontline_months"', '"frontline_years"', "frontline_years", "不认识的事实 frontline_years"),
        ('fact = "frontline_months"\n', "", "[[criteria]]", "缺少 fact"),
        (SOURCED, 'quote = "有5年', "[[criteria]]", "缺少出处"),
        (SOURCED, 'source = ""\nquote = "有5年', 'source = ""', "应是不为空的文字"),
        (SOURCED, 'source = "S8"\nquote = "有5年', '"S8"', "出处 S8 没有在 [sources.S8] 中说明"),
        (SOURCED, 'source = "I"\nquote = "有5年', "[[criteria]]", "没有公开出处的数值只能作为默认"),
        (SOURCED, 'source = "K"\ndefault = true\nnote = "x"\nquote = "有5年', '"K"', "不能作为必备条件"),
        (SOURCED, 'source = "S9"\ndefault = true\nquote = "有5年', "[[criteria]]", "须在 note 中写明"),
        ('quote = "有5年以上一线工作经历"\n', "", "[[criteria]]", "quote（原文）与 gist（转述）"),
        ('grade = "A"', 'grade = "X"', 'grade = "X"', "grade 的值 'X' 不合要求"),
        ("[sources.S9]", '[sources.S9]\ngrade = "A"\npublisher = "x"\n[sources.S7]', "[sources.S7]", "出处 S7 没有任何条目引用"),
        ('tiers = ["top"]', 'tiers = ["top", "peak"]', "tiers = ", "没有名为 peak 的层级"),
        ("2024-01-01", "2024-02-30", "2024-02-30", "TOML 语法错误"),
        ("2024-01-01", '"2024-01-01"', "effective_from", "应是日期"),
        ("2024-01-01", "2024-01-01T08:00:00", "effective_from", "应是日期"),
        ("2024-01-01", "2024-01-01\neffective_until = 2024-01-01", "effective_until", "须晚于生效日期"),
        ("edition = 1", "edition = 0", "edition", "版次从 1 开始"),
        ("edition = 1", "edition = 2", "code = ", "文件名应为 sample-2.toml"),
        ("edition = 1", "edition = true", "edition", "应是整数"),
        ('issuer = "示例工会"\n', "", "code = ", "缺少必填项 issuer"),
        ('"trial"', '"perhaps"', "perhaps", "只能是 draft、trial、in-force、repealed"),
        ('code = "months"', 'code = "months"\nweight = 3', "weight", "不认识的键 weight"),
        ('code = "months"', 'code = "months"\ngroup = "either"', "group", "只有一个条件"),
        ('title = "示例办法"\n', 'title = "示例办法"\ndigest = "x"\n', "digest", "不认识的键 digest"),
        ('title = "示例办法"', 'title = "示例办法', "示例办法", "TOML 语法错误"),
        ("[sources.S9]", "[sources]\nS7 = 3\n[sources.S9]", "S7 = 3", "此处应是一个表"),
        ("summary", "sources = 3\nsummary", "sources", "TOML 语法错误"),
        ("summary", 'default_fields = ["effective_until"]\nsummary', "default_fields", "默认的 effective_until 须写有取值"),
        (TIER, 'subject = "person"\nfeeds = "peak"\n', "feeds", "没有名为 peak 的层级"),
        ("at_least = 60", "equals = 60\ntolerance = 1", "tolerance", "容差只用于"),
    ],
)  # fmt: skip
def test_a_fault_is_refused_with_its_line(old, new, at, message):
    assert POLICY.count(old) == 1
    text = POLICY.replace(old, new)

    found = refusals(text)

    lines = [line for line, words in found if message in words]
    assert lines, found
    expected = [i for i, line in enumerate(text.splitlines(), start=1) if at in line]
    assert lines[0] in expected


def test_sections_that_are_no_tables_are_refused():
    text = POLICY[: POLICY.index("[sources.S9]")] + "sources = 3\ntiers = 4\n"

    assert [message for _, message in refusals(text)] == [
        "tiers 应写成 [[tiers]]",
        "sources 应写成 [sources.标记]",
    ]


def test_lines_are_counted_past_strings_and_arrays_of_many_lines():
    text = POLICY.replace(
        'title = "最高层级"',
        "title = \"\"\"最高\n[[criteria]]\nfact = 1 \"\"\"\nnote = '''一行\n二行'''  # [ 注",
    ).replace('tiers = ["top"]', 'tiers = [\n  "top", # ]\n]\nweight = 3')

    ((line, message),) = refusals(text)

    assert line == line_with(text, "weight = 3")
    assert "不认识的键 weight" in message


def test_every_problem_of_a_file_is_told_at_once():
    text = POLICY.replace("at_least", "atleast").replace('"person"', '"people"')

    assert len(refusals(text)) == 2


SECOND = POLICY[POLICY.index("[[criteria]]") :]


def test_codes_may_not_repeat():
    assert "编码 months 重复" in refusals(POLICY + SECOND)[0][1]


def test_alternatives_share_their_severity():
    text = (POLICY + SECOND.replace('"months"', '"level"').replace('"must"', '"warn"')).replace(
        'fact = "frontline_months"', 'fact = "frontline_months"\ngroup = "either"'
    )

    assert "severity 须相同" in refusals(text)[0][1]


def test_no_tier_has_more_criteria_than_bits():
    many = "".join(SECOND.replace('"months"', f'"months_{i}"') for i in range(31))

    assert "条件超过 31 条" in refusals(POLICY + many)[0][1]


TARGET = """
[[targets]]
code = "fifty"
title = "五十名"
measure = "beijing_great_named"
scope = "total"
softness = "hard"
equals = 50
every_years = 2
cycle_begins = 2024
source = "S9"
quote = "每两年50名"
"""


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("beijing_great_named", "great_named", "不认识的指标 great_named"),
        ("every_years = 2", "every_years = 2\nyear = 2026", "只写一种期间"),
        ("every_years = 2\n", "", "只写一种期间"),
        ("cycle_begins = 2024\n", "", "须写 cycle_begins"),
        ("every_years = 2", "every_years = 1", "须写 cycle_begins"),
        ("equals = 50\n", "", "须写 at_least、at_most"),
        ("equals = 50", "equals = 50\nat_least = 40", "须写 at_least、at_most"),
        ("every_years = 2", "every_years = 2\ntolerance_percent = 10", "才有容差"),
        ("every_years = 2", 'every_years = 2\nclause = ""', "clause 的值"),
        ('"total"', '"everyone"', "scope 的值"),
    ],
)
def test_a_target_names_measure_period_and_figure(old, new, message):
    parse(POLICY + TARGET, name="sample.toml", known=KNOWN)

    assert message in refusals(POLICY + TARGET.replace(old, new))[0][1]


STANDARDS = """
[[standards]]
code = "whole"
title = "四期"
tiers = ["top"]
severity = "must"
fact = "level"
at_least = 4
source = "S9"
quote = "4期"

[[standards]]
code = "part"
title = "八成"
tiers = ["top"]
severity = "must"
derived_from = "whole"
factor = "share"
rounding = "up"
source = "S9"
quote = "80%"

[[parameters]]
code = "share"
title = "比例"
number = 0.8
source = "S9"
quote = "80%"
"""


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('derived_from = "whole"', 'derived_from = "hole"', "派生的依据 hole"),
        ('derived_from = "whole"', 'derived_from = "part"', "派生的依据 part"),
        ('factor = "share"\n', "", "须写明 factor"),
        ('factor = "share"', 'factor = "part"', "比例 part 应是本文件中写有 number 的参数"),
        ("number = 0.8", "enabled = true", "比例 share 应是本文件中写有 number 的参数"),
        ('rounding = "up"\n', "", "须写明 factor"),
        ('factor = "share"', 'factor = "share"\nat_least = 3', "派生的标准不另写阈值"),
        ('derived_from = "whole"', 'fact = "level"\nat_least = 3', "却没有写 derived_from"),
    ],
)
def test_a_derived_standard_states_base_factor_and_rounding(old, new, message):
    assert message in refusals(POLICY + STANDARDS.replace(old, new))[0][1]


@pytest.mark.parametrize(
    ("rounding", "figure"),
    [("up", "4"), ("down", "3"), ("nearest", "3"), ("exact", "3.2")],
)
def test_a_derived_threshold_is_worked_out_and_keeps_its_working(rounding, figure):
    text = POLICY + STANDARDS.replace('rounding = "up"', f'rounding = "{rounding}"')

    _, part = parse(text, name="sample.toml", known=KNOWN).standards

    assert (part.fact, part.at_least, part.derivation.exact) == (
        "level",
        Decimal(figure),
        Decimal("3.2"),
    )


def test_rounding_half_goes_up_when_nearest():
    assert rounded(Decimal("2.5"), Rounding.NEAREST) == 3


STEP = """
[[procedure]]
code = "{0}"
procedure = "选树"
order = {1}
title = "第{1}步"
actor = "工会"
source = "S9"
quote = "步骤"
"""


AMOUNT = """
[[amounts]]
code = "a"
title = "金额"
per = "人"
payee = "个人"
yuan = 500
source = "S9"
quote = "500元"
"""
USE = """
[[uses]]
code = "a"
title = "用途"
source = "S9"
quote = "用途"
"""
BASELINE = """
[[baselines]]
code = "a"
title = "已建成5家"
measures = ["capital_academies"]
number = 5
at_end_of = 2023
source = "S9"
quote = "5家"
"""


@pytest.mark.parametrize(
    ("more", "message"),
    [
        (STEP.format("a", 1) + STEP.format("b", 3), "依次编号"),
        (STEP.format("a", 1) + "days = 5\n", "days 与 day_kind 须同时写"),
        (STEP.format("a", 1) + 'days = 0\nday_kind = "working"\n', "期限须大于零"),
        ('\n[[amounts]]\ncode = "a"\ntitle = "a"\nper = "人"\npayee = "个人"\nsource = "S9"\nquote = "q"\n', "金额未公开时须在 note 中说明"),
        ('\n[[amounts]]\ncode = "a"\ntitle = "a"\nper = "人"\npayee = "个人"\nyuan = 0\nsource = "S9"\nquote = "q"\n', "金额须大于零"),
        ('\n[[parameters]]\ncode = "a"\ntitle = "a"\nsource = "S9"\nquote = "q"\n', "参数须写且只写"),
        (AMOUNT + "cap = true\n", "须写明超出时的 severity"),
        (AMOUNT + 'severity = "warn"\n', "须写明超出时的 severity"),
        (USE + "permitted = false\nneeds_approval = true\n", "谈不上报批"),
        (USE + "permitted = true\nshare_at_least = 50\n", "须同时写"),
        (USE + 'permitted = true\nshare_at_least = 101\nseverity = "warn"\n', "不超过 100"),
        (BASELINE.replace("capital_academies", "academies"), "不认识的指标 academies"),
        ('\n[marking]\ncode = "a"\n', "不认识的键 marking"),
        ('\n[provisions]\ncode = "a"\n', "应写成 [[provisions]]"),
        ("\n[[provisions]]\n[provisions.code]\n", "code 的值"),
    ],
)  # fmt: skip
def test_steps_amounts_and_parameters_are_complete(more, message):
    assert message in refusals(POLICY + more)[0][1]


def write(folder, name, text):
    (folder / name).write_text(text, encoding="utf-8")


def edition(number, starts, until=None, extra=""):
    text = POLICY.replace("edition = 1", f"edition = {number}").replace("2024-01-01", starts)
    until = f"effective_until = {until}\n" if until else ""
    return text.replace("summary", f"{until}{extra}summary")


@pytest.mark.parametrize(
    ("first", "second", "message"),
    [
        (("2024-01-01", "2025-01-01"), ("2024-06-01",), "重叠"),
        (("2024-01-01", "2025-01-01"), ("2025-01-02",), "空档"),
        (("2024-01-01",), ("2023-01-01",), "须晚于第 1 版生效"),
        (("2024-01-01",), ("2024-01-01",), "须晚于第 1 版生效"),
    ],
    ids=["overlap", "gap", "earlier", "same day"],
)
def test_editions_follow_each_other_without_gap_or_overlap(tmp_path, first, second, message):
    write(tmp_path, "sample.toml", edition(1, *first))
    write(tmp_path, "sample-2.toml", edition(2, *second))

    with pytest.raises(PolicyFileError) as refused:
        read_library(tmp_path)

    (problem,) = refused.value.problems
    assert (problem.file, problem.line) == (
        "sample-2.toml",
        line_with(edition(2, *second), "effective_from"),
    )
    assert message in problem.message


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (("2024-01-01", "2025-01-01"), ("2025-01-01",)),
        (("2024-01-01",), ("2024-06-01",)),
        (("2024-01-01", "2025-01-01"), ("2024-06-01", None, "supersedes = true\n")),
    ],
    ids=["on the day it ends", "an open end", "declared to supersede"],
)
def test_an_edition_may_take_over(tmp_path, first, second):
    write(tmp_path, "sample.toml", edition(1, *first))
    write(tmp_path, "sample-2.toml", edition(2, *second))

    assert len(read_library(tmp_path)) == 2


def test_a_draft_may_overlap(tmp_path):
    write(tmp_path, "sample.toml", edition(1, "2024-01-01", "2025-01-01"))
    write(tmp_path, "sample-2.toml", edition(2, "2024-06-01").replace('"trial"', '"draft"'))

    assert len(read_library(tmp_path)) == 2


def test_editions_are_numbered_without_a_hole(tmp_path):
    write(tmp_path, "sample.toml", edition(1, "2024-01-01"))
    write(tmp_path, "sample-3.toml", edition(3, "2025-01-01"))

    with pytest.raises(PolicyFileError, match="缺少第 2 版"):
        read_library(tmp_path)


def test_a_file_in_another_encoding_is_refused_with_its_line(tmp_path):
    (tmp_path / "sample.toml").write_bytes(b"\n\n" + POLICY.encode("gb18030"))

    with pytest.raises(PolicyFileError, match=r"sample.toml 第 5 行：文件不是 UTF-8 编码"):
        read_library(tmp_path)


def test_line_ends_and_byte_order_mark_do_not_change_the_digest(tmp_path):
    write(tmp_path, "sample.toml", POLICY)
    (plain,) = read_library(tmp_path)
    (tmp_path / "sample.toml").write_bytes(b"\xef\xbb\xbf" + POLICY.replace("\n", "\r\n").encode())

    (saved_on_windows,) = read_library(tmp_path)

    assert saved_on_windows.policy.digest == plain.policy.digest
