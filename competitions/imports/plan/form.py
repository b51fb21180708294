"""竞赛计划表: what each column says, and of the contest or of the item."""

from __future__ import annotations

from competitions.models import Competition, Item
from competitions.models.competitions import CLASSES, GROUPS, LEVELS
from intake.spreadsheets.tables import Column, Form
from workflow.texts.folding import fold_header

FORM = Form(
    name="竞赛计划",
    columns=(
        Column("contest", "竞赛编码", ("竞赛编号",)),
        Column("contest_name", "竞赛名称", ("竞赛", "赛事名称")),
        Column("level", "级别", ("竞赛级别",)),
        Column("contest_class", "类别", ("竞赛类别",), is_required=False),
        Column("year", "年度", ("竞赛年度",)),
        Column("organizer", "主办单位", ("主办单位编码", "主办单位名称")),
        Column("chain", "产业链", (), is_required=False),
        Column("document_number", "通知文号", ("文号",), is_required=False),
        Column("contest_starts", "竞赛开始日期", ("竞赛开始",), is_required=False),
        Column("contest_ends", "竞赛结束日期", ("竞赛结束",), is_required=False),
        Column("entries_from", "报名开始", ("报名开始日期",), is_required=False),
        Column("entries_until", "报名截止", ("报名截止日期", "报名截止（含当日）"), is_required=False),
        Column("item", "项目编码", ("项目代码", "项目编号")),
        Column("name", "项目", ("项目名称", "竞赛项目", "赛项")),
        Column("occupation", "职业（工种）", ("职业", "工种"), is_required=False),
        Column("occupation_code", "职业编码", ("工种编码", "职业代码"), is_required=False),
        Column("entry_tier", "参赛资格", (), is_required=False),
        Column("group", "组别", (), is_required=False),
        Column("team_size", "每队人数", ("队员人数",), is_required=False),
        Column("stage", "赛段", ("阶段",), is_required=False),
        Column("follows", "由哪个赛段晋级", ("上一赛段", "上一赛段项目编码"), is_required=False),
        Column("places", "晋级名额", ("名额",), is_required=False),
        Column("starts_on", "项目开始日期", ("比赛开始日期", "开始日期"), is_required=False),
        Column("ends_on", "项目结束日期", ("比赛结束日期", "结束日期"), is_required=False),
        Column("venue", "赛场", ("比赛地点", "场地"), is_required=False),
    ),
)  # fmt: skip
HEADERS = {column.key: column.header for column in FORM.columns}
#: By column, the field of the contest it fills; the others are of the item, under their own name.
OF_CONTEST = {
    "contest_name": "name",
    "level": "level",
    "contest_class": "contest_class",
    "chain": "chain",
    "document_number": "document_number",
    "contest_starts": "starts_on",
    "contest_ends": "ends_on",
    "entries_from": "entries_from",
    "entries_until": "entries_until",
}
OF_ITEM = (
    "name", "occupation", "occupation_code", "entry_tier", "group", "team_size", "stage", "follows",
    "places", "starts_on", "ends_on", "venue",
)  # fmt: skip
DAYS = frozenset(
    {"contest_starts", "contest_ends", "entries_from", "entries_until", "starts_on", "ends_on"}
)
NUMBERS = {"team_size": (1, 50), "places": (1, 100_000)}
#: Days that stand in order, the earlier first.
IN_ORDER = (
    ("contest_starts", "contest_ends"),
    ("entries_from", "entries_until"),
    ("starts_on", "ends_on"),
)


def _choices(pairs: list[tuple[str, str]], *endings: str) -> dict[str, str]:
    """What people write for each, whole or without the ending that all of them have."""
    found = {}
    for value, words in pairs:
        for written in (words, *(words.removesuffix(ending) for ending in endings)):
            found[fold_header(written)] = value
    return found


CHOICES = {
    "level": _choices(LEVELS, "级"),
    "contest_class": _choices(CLASSES, "类"),
    "group": _choices(GROUPS, "组"),
    "stage": _choices([(value, str(words)) for value, words in Item.Stage.choices], "赛"),
}
LABELS = {
    "level": [words for _, words in LEVELS],
    "contest_class": [words for _, words in CLASSES],
    "group": [words for _, words in GROUPS],
    "stage": [str(words) for words in Item.Stage.labels],
}
#: The column that fills a field.
COLUMN_OF = {
    Competition: {name: key for key, name in OF_CONTEST.items()},
    Item: {name: name for name in OF_ITEM},
}
#: What people call each fault where they choose which to look at.
TITLES = {
    "cell-empty": "未填",
    "chain-not-listed": "产业链未列入清单",
    "code-repeated": "编码重复",
    "code-unusable": "编码不能使用",
    "contest-differs": "同一竞赛前后不一",
    "date-invalid": "日期不实",
    "days-out-of-order": "日期先后颠倒",
    "follows-unknown": "上一赛段未登记",
    "item-elsewhere": "属于另一竞赛",
    "marking-closed": "成绩已锁定",
    "number-invalid": "数目不实",
    "occupation-code-unusable": "职业编码不符",
    "people-clash": "裁判或参赛人同期另有项目",
    "role-required": "没有权限",
    "text-too-long": "内容过长",
    "tier-unknown": "参赛资格看不懂",
    "unknown-organization": "组织未登记",
    "venue-clash": "赛场同期已使用",
    "word-unknown": "不在允许范围内",
    "will-correct": "更正已登记的内容",
    "year-differs": "年度与登记的不同",
}


def heading_of(row: Competition | Item, name: str) -> str:
    """The heading of the column that fills this field."""
    return HEADERS[COLUMN_OF[type(row)][name]]
