"""Records in the words of the people who read them: fields, states, subjects."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.apps import apps

if TYPE_CHECKING:
    from django.db.models import Field, Model

#: What records say of a subject besides its own fields.
WORDS = {
    "accepted": "可入库行数",
    "added": "新增",
    "address": "网络地址",
    "changed": "改动",
    "count": "数量",
    "digest": "摘要值",
    "brands": "特色专业（工种）",
    "edition": "政策版本",
    "edition_digest": "政策版本摘要值",
    "eligible_count": "合格人数",
    "file": "文件",
    "filename": "文件",
    "identity": "公民身份号码",
    "ineligible_count": "不合格人数",
    "label": "任务",
    "missing_count": "资料缺失人数",
    "object": "对象",
    "organization": "组织",
    "phone": "联系电话",
    "places": "名额",
    "refused": "退回行数",
    "role": "角色",
    "round": "轮次",
    "rows": "行数",
    "segments": "工作经历",
    "sha256": "文件摘要值",
    "subject": "对象",
    "submission": "表单编号",
}


def model_of(subject: str) -> type[Model] | None:
    """The model that ``talents.nomination:12`` speaks of; None for names that are no model's."""
    try:
        return apps.get_model(subject.partition(":")[0])
    except (LookupError, ValueError):
        return None


def subject_in_words(subject: str) -> str:
    """``talents.nomination:12`` as 推荐 12."""
    model = model_of(subject)
    number = subject.rpartition(":")[2]
    return f"{model._meta.verbose_name} {number}" if model else subject


def fields_of(subject: str) -> dict[str, Field]:
    """The fields of the subject's model by name and by column."""
    model = model_of(subject)
    fields = model._meta.concrete_fields if model else ()
    return {name: field for field in fields for name in (field.attname, field.name)}


def label_of(name: str, fields: dict[str, Field]) -> str:
    """What people call a field of a record."""
    return str(fields[name].verbose_name) if name in fields else WORDS.get(name, name)


def said(value: Any, field: Field | None) -> Any:
    """A recorded value as people say it: the label of a choice, 是 or 否."""
    if isinstance(value, bool):
        return "是" if value else "否"
    choices = dict(field.flatchoices) if field is not None else {}
    return choices.get(value, value) if isinstance(value, str | int) else value
