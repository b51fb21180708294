"""Records in the words of the people who read them: fields, states, subjects."""

from __future__ import annotations

import re
from collections import defaultdict
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.db import models
from django.utils import timezone

from organizations.scoping import ScopedQuerySet
from workflow.texts.numbers import natural

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.db.models import Field, Model

    from organizations.models import User

#: What records say of a subject besides its own fields.
WORDS = {
    "goal": "目标",
    "masked": "词语",
    "words": "情况",
    "self_due_on": "自评期限",
    "outcome": "完成情况",
    "reached": "实际完成",
    "due_on": "完成时间",
    "ends_on": "期满日期",
    "starts_on": "开始日期",
    "reserve": "候补人数",
    "academies": "学院家数",
    "accepted": "可入库行数",
    "account": "收款账户",
    "bank": "开户银行",
    "called_to": "接听人及电话",
    "acted_for": "代理",
    "aspects": "评分点",
    "board": "成绩榜版次",
    "conditions": "参赛条件",
    "added": "新增",
    "address": "网络地址",
    "changed": "改动",
    "count": "数量",
    "left_out": "未列入的各笔和原因",
    "digest": "摘要值",
    "document_number": "文号",
    "brands": "特色专业（工种）",
    "coach": "教练",
    "edition": "政策版本",
    "edition_digest": "政策版本摘要值",
    "eligible_count": "合格人数",
    "figures": "指标数",
    "file": "文件",
    "filename": "文件",
    "from": "来自赛段",
    "identity": "公民身份号码",
    "ineligible_count": "不合格人数",
    "item_name": "评价项目",
    "items": "整改事项数",
    "label": "任务",
    "missing_count": "资料缺失人数",
    "lines": "行号",
    "method": "方法",
    "object": "对象",
    "number": "序号",
    "organization": "组织",
    "phone": "联系电话",
    "overdue": "逾期未报数",
    "paper": "核对码",
    "places": "名额",
    "call": "抽查结果",
    "policy_digest": "政策版本摘要值",
    "problem": "问题",
    "reason": "事由",
    "receipt": "银行回单号",
    "returned": "退票原因",
    "refused": "退回行数",
    "result": "核对结果",
    "role": "角色",
    "round": "轮次",
    "rows": "行数",
    "scheme": "评分方案版次",
    "seat": "裁判席",
    "seed": "抽签种子",
    "segments": "工作经历",
    "sha256": "文件摘要值",
    "size": "笔数",
    "subject": "对象",
    "submission": "表单编号",
    "spending": "用途类别",
    "standing_in": "代理期间，代理",
    "stands_for": "被代理人",
    "sum": "金额（元）",
    "terms": "参赛承诺版次",
    "tie_order": "总分相同时的次序",
    "tries": "次数",
    "valid_until": "有效期至",
    "value": "核定内容",
    "vouchers": "依据的支出",
    "verdicts_sha256": "核验结果摘要值",
    "voucher": "凭证号",
    "wording": "内容",
}
#: Kinds of files that go out, which are called so everywhere.
FORMATS = {"pdf": "PDF", "xlsx": "XLSX", "json": "JSON"}
#: Values that are the name of a row as records and jobs have it.
SUBJECTS = frozenset({"subject", "object"})
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT[0-9:.]+(Z|[+-]\d\d:\d\d)")


def model_of(subject: str) -> type[Model] | None:
    """The model that ``talents.nomination:12`` speaks of; None for names that are no model's."""
    try:
        return apps.get_model(subject.partition(":")[0])
    except (LookupError, ValueError):
        return None


def subject_in_words(subject: str) -> str:
    """``talents.nomination:12`` as 推荐 12: of what is gone, or not for the reader to know by name.

    What goes by a code is called by it, without what stands behind a question mark: how an import
    was to make it.
    """
    model, number, of_it = _meant(subject)
    kind = "事项" if model is None else model._meta.verbose_name
    if number is None:
        return f"{kind} {subject.rpartition(':')[2].partition('?')[0]}"
    return f"{kind} {number}{of_it}"


def chain_in_words(chain: str) -> str:
    """The number of a chain's body after what it is: 组织机构 12; of all that has no body, 总链."""
    number = chain.rpartition("/")[2].rpartition(":")[2]
    return f"组织机构 {number}" if number.isdigit() else "总链"


def called(row: Model) -> str:
    """A row by name, with what it is: 赵兰梅的推荐, or in the words of its model (``in_records``)."""
    return getattr(row, "in_records", "") or f"{row._meta.verbose_name}“{row}”"


def names_of(subjects: Iterable[str], user: User) -> dict[str, str]:
    """What the subjects are called, as far as ``user`` sees them; one question for each model.

    A model names in ``NAMED_WITH`` the rows that its name is made of.
    """
    wanted: dict[Any, dict[int, list[tuple[str, str]]]] = defaultdict(lambda: defaultdict(list))
    for subject in subjects:
        model, key, of_it = _meant(subject)
        if key is not None and isinstance(getattr(model, "objects", None), models.Manager):
            wanted[model][key].append((subject, of_it))
    return {
        subject: called(row) + of_it
        for model, keys in wanted.items()
        for row in _named(model, user).filter(pk__in=keys)
        for subject, of_it in keys[row.pk]
    }


def _meant(subject: str) -> tuple[type[Model] | None, int | None, str]:
    """The model and key of a subject; ``…:round-3``, all rows of round 3, is that round's 的名额."""
    model, key = model_of(subject), subject.rpartition(":")[2]
    name, _, of_row = key.partition("-")
    field = fields_of(subject).get(name)
    if model is None or field is None:
        return model, natural(key), ""
    return field.related_model, natural(of_row), f"的{model._meta.verbose_name}"


def _named(model: Any, user: User) -> Any:
    """The rows ``user`` sees, with what their names are made of; all of those that are published."""
    rows = model.objects.all()
    if isinstance(rows, ScopedQuerySet):
        rows = rows.visible_to(user)
    elif not getattr(model, "IS_PUBLISHED", False):
        return rows.none()
    related = getattr(model, "NAMED_WITH", ())
    return rows.select_related(*related) if related else rows


def fields_of(subject: str) -> dict[str, Field]:
    """The fields of the subject's model by name and by column."""
    model = model_of(subject)
    fields = model._meta.concrete_fields if model else ()
    return {name: field for field in fields for name in (field.attname, field.name)}


def label_of(name: str, fields: dict[str, Field]) -> str:
    """What people call a field of a record."""
    return str(fields[name].verbose_name) if name in fields else WORDS.get(name, name)


def value_in_words(value: Any, field: Field | None) -> Any:
    """A recorded value as people say it: the label of a choice, 是 or 否, the local time.

    Values that are data, not choices, are told by their model (``VALUES_IN_WORDS``, by field).
    """
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, str) and MOMENT.fullmatch(value):
        return f"{timezone.localtime(datetime.fromisoformat(value)):%Y-%m-%d %H:%M:%S}"
    if told := getattr(getattr(field, "model", None), "VALUES_IN_WORDS", {}).get(
        getattr(field, "name", "")
    ):
        return told(value)
    choices: dict[Any, Any] = FORMATS if field is None else dict(field.flatchoices)
    return choices.get(value, value) if isinstance(value, str | int) else value
