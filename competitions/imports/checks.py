"""What may be wrong with a row of a marking sheet; the marks themselves are looked at cell by cell."""

from __future__ import annotations

from competitions.models.competitions import CODE_PATTERN
from competitions.models.entries import NUMBER_WORDS
from intake.kinds.checks import WARNING, Check, missing, too_long
from talents.imports.names import PERSON

_WHO = (*PERSON,)
_LEVEL = (
    Check(
        "level-unreadable",
        "level",
        "level_text <> '' and level is null",
        "'“' || left(p.level_text, 20) || '”不是技能等级名称（初级工至首席技师，没有等级的填“无”），"
        "暂按未填登记，不提出晋升建议，请核对后更正'",
        WARNING,
    ),
    Check(
        "level-missing",
        "level",
        "%(has_level)s and level_text = ''",
        "'没有填写现职业技能等级，没有等级的请填“无”；不填的不提出晋升建议'",
        WARNING,
    ),
)
_ADMITTED = Check(
    "entry-refused", "identity", "not_admitted <> ''", "p.not_admitted", may_arise=True
)
CHECKS = (
    missing("number-missing", "number", "参赛号"),
    Check(
        "number-malformed",
        "number",
        f"number <> '' and number !~ '^{CODE_PATTERN}$'",
        f"'“' || left(p.number, 20) || '”：{NUMBER_WORDS}，请更正'",
    ),
    *_WHO,
    Check(
        "number-taken",
        "number",
        "number_person is not null and number_person is distinct from person_id",
        "'参赛号“' || left(p.number, 20) || '”在本项目已是另一名参赛人的，请核对后更正'",
        may_arise=True,
    ),
    Check(
        "entrant-numbered-otherwise",
        "number",
        "entry_number <> '' and entry_number <> number",
        "'该参赛人报名登记的参赛号是“' || p.entry_number || '”，请核对后更正'",
        may_arise=True,
    ),
    Check(
        "entrant-not-standing",
        "number",
        "entry_state <> 'entered'",
        "'该参赛人已退赛或已取消成绩，不登记分数；请删去本行'",
        may_arise=True,
    ),
    Check(
        "marks-on-file",
        "number",
        "is_marked",
        "'该参赛人在本项目的分数已登记，不重复登记；确需改动的，请由裁判在“我的评分”中重评'",
        may_arise=True,
    ),
    _ADMITTED,
    Check(
        "item-was-published",
        "number",
        "entry_id is null and %(was_published)s",
        "'本项目已公布过成绩，现在是重评，不能再增加参赛人，请删去本行'",
        may_arise=True,
    ),
    Check(
        "entry-unproven",
        "identity",
        "entry_id is null and not_admitted = '' and %(proofs)s <> ''",
        "'没有报名，将按本表登记为参赛人；' || %(proofs)s || '，请登记后在参赛人页面办理'",
        WARNING,
    ),
    *_LEVEL,
    *(too_long(field) for field in ("number", "name", "employer")),
)
ARISING = tuple(check for check in CHECKS if check.may_arise)
ENTRANT_CHECKS = (
    *_WHO,
    _ADMITTED,
    Check(
        "already-entered",
        "identity",
        "is_entered",
        "'该人员在本项目已报名，一人一个项目只能报一次，请删去本行'",
        may_arise=True,
    ),
    Check(
        "team-missing",
        "team",
        "team_size > 1 and team = ''",
        "'本项目是团体项目，请填写队名，同队各行队名相同'",
    ),
    Check(
        "team-too-large",
        "team",
        "team_size > 1 and team <> '' and place_in_team > team_size",
        "'“' || left(p.team, 40) || '”已满' || p.team_size || '人，请核对队名'",
        may_arise=True,
    ),
    Check(
        "since-unreadable",
        "since",
        "since_text <> '' and since is null",
        "'“' || left(p.since_text, 20) || '”不是日期，请写成“2020-05-09”这样的日期'",
        WARNING,
    ),
    Check(
        "entry-in-doubt",
        "since",
        "few_months <> '' and (since_text = '' and %(has_since)s or"
        " extract(year from age(asked_on, since)) * 12 + extract(month from age(asked_on, since)) < months)",
        "p.few_months",
        WARNING,
    ),
    *_LEVEL,
    *(too_long(field) for field in ("name", "employer", "team", "late_reason")),
)
#: Of a list for one item: whoever it enters after the last day, is entered for a reason.
LATE_CHECKS = (
    *ENTRANT_CHECKS,
    Check(
        "late-without-reason",
        "late_reason",
        "is_late and length(late_reason) < 4",
        "'报名已截止，补报须在“逾期补报事由”一栏写明事由（至少4个字）'",
        may_arise=True,
    ),
)
#: Of a list for many items, each row naming its own.
PARTICIPATION_CHECKS = (
    missing("item-missing", "item", "项目编码", column="item_text"),
    Check(
        "item-unknown",
        "item",
        "item_text <> '' and item_id is null",
        "'没有编码为“' || left(p.item_text, 40) || '”的' || %(year)s || '年度竞赛项目，请核对编码'",
        may_arise=True,
    ),
    Check("item-closed", "item", "refusal <> ''", "p.refusal", may_arise=True),
    *ENTRANT_CHECKS,
)
TITLES = {
    "item-closed": "项目不受理报名",
    "item-missing": "没有项目编码",
    "item-unknown": "项目未登记",
    "number-missing": "没有参赛号",
    "number-taken": "参赛号已使用",
    "number-malformed": "参赛号有不能用的字符",
    "duplicate-number": "参赛号重复",
    "duplicate-entrant": "参赛人重复",
    "already-entered": "已报名",
    "entry-refused": "年龄不符参赛条件",
    "entry-in-doubt": "参赛条件须证明",
    "entry-unproven": "参赛条件待核实",
    "item-was-published": "已公布成绩，不再增加参赛人",
    "late-without-reason": "没有补报事由",
    "team-missing": "没有队名",
    "team-too-large": "队员超出人数",
    "since-unreadable": "起始日期看不懂",
    "entrant-numbered-otherwise": "参赛号与报名不符",
    "entrant-not-standing": "已退赛或取消成绩",
    "marks-on-file": "分数已登记",
    "mark-missing": "缺分数",
    "mark-not-a-number": "分数不是数字",
    "mark-negative": "分数为负",
    "mark-above-maximum": "超过满分",
    "judgement-not-whole": "评价不是0至3整数",
    "mark-too-fine": "小数位过多",
    "level-unreadable": "技能等级看不懂",
    "level-missing": "没有技能等级",
}
