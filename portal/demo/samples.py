"""Sample content of the style guide: invented, small, and showing each state of each component."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator

from pages.forms import DayInput
from workflow.queues import Queue
from workflow.refusals import DomainError

IDENTITY_LENGTH = 18


class StyleGuideForm(forms.Form):
    """One field of every kind."""

    name = forms.CharField(label="姓名", max_length=40)
    identity = forms.CharField(
        label="公民身份号码", help_text="18位，末位可为 X；保存后加密，仅显示掩码。"
    )
    unit = forms.ChoiceField(
        label="推荐单位",
        choices=[("", "请选择"), ("U001", "示例第一机床厂工会"), ("U002", "示例轨道交通公司工会")],
    )
    places = forms.IntegerField(label="名额", min_value=1, help_text="不超过本区剩余名额。")
    reference_day = forms.DateField(label="核算截止日", widget=DayInput, required=False)
    tier = forms.ChoiceField(
        label="申报层级",
        choices=[("great", "北京大工匠"), ("district", "区级工匠")],
        widget=forms.RadioSelect,
        initial="great",
    )
    statement = forms.CharField(
        label="创新力说明",
        widget=forms.Textarea,
        required=False,
        help_text="写明成果、时间与本人作用。",
    )
    workbook = forms.FileField(
        label="推荐人选汇总表",
        required=False,
        help_text="XLSX 或 CSV，不超过 20 MB；可直接拖入框内。",
    )
    pledge = forms.BooleanField(label="已核对本人签字的推荐审批表")

    def clean_identity(self) -> str:
        value = self.cleaned_data["identity"]
        if len(value) != IDENTITY_LENGTH:
            raise ValidationError("应为18位，现为%d位，请核对原件后重填" % len(value))  # noqa: UP031
        return value


class SampleFilter(forms.Form):
    q = forms.CharField(
        label="姓名或拼音首字母",
        required=False,
        widget=forms.TextInput(attrs={"type": "search", "wide": True}),
    )
    verdict = forms.ChoiceField(
        label="核验结果",
        required=False,
        choices=[
            ("", "全部"),
            ("eligible", "合格"),
            ("ineligible", "不合格"),
            ("missing", "资料缺失"),
        ],
    )
    district = forms.ChoiceField(
        label="推荐工会", required=False, choices=[("", "全部"), ("110101", "东城区总工会")]
    )


NAMES = ("王建国", "李秀英", "赵振华", "欧阳海燕", "陈志强", "刘思远")
ROWS = [
    {
        "number": 24 + i,
        "name": name,
        "unit": unit,
        "occupation": occupation,
        "months": months,
        "verdict": verdict,
    }
    for i, (name, unit, occupation, months, verdict) in enumerate(
        zip(
            NAMES,
            ("示例第一机床厂工会", "示例轨道交通公司工会", "示例电力工程公司工会") * 2,
            ("数控车工", "电力机车钳工", "继电保护员", "焊工", "装配钳工", "化学检验员"),
            (186, 62, 59, None, 240, 121),
            ("eligible", "eligible", "ineligible", "missing", "human", "unchecked"),
            strict=True,
        )
    )
]


def samples() -> dict[str, Any]:
    """The context of the style guide."""
    return {
        "tiles": TILES,
        "kept": {"saved_at": datetime(2026, 6, 30, 6, 5, tzinfo=UTC)},
        "keeping": {"keeps_draft": True},
        "rows": ROWS,
        "filter_form": SampleFilter({"verdict": "missing"}),
        "page": Paginator(range(1240), 50).page(4),
        "jobs": JOBS,
        "findings": FINDINGS,
        "steps": STEPS,
        "records": RECORDS,
        "facts": FACTS,
        "tabs": TABS,
        "refusal": DomainError(
            "places-exceeded",
            "东城区总工会本轮名额为 12 名，已推荐 12 名，不能再推荐。请先撤回一名人选，或向市总工会申请调剂名额。",
            citation="《选树轮次通知》名额分配表：各区推荐人数不得超过分配名额。",
        ),
        "consequences": (
            "轮次关闭后，各单位不能再新增或修改推荐人选；",
            "已提交的 312 名人选进入资格核验；",
            "本操作计入不可更改的办理记录。",
        ),
        "digest": "9f2c4e7ab1d05f8837c6a94be21f70d3c58e6b9a04d17f2e83b5c6970a1d4e8f",
        "sheet": SHEET,
    }


TILES = [
    Queue("待核验人选", 312, "#tiles", "名", date(2026, 7, 3), "warn"),
    Queue("退回补正", 18, "#tiles", "名", date(2026, 6, 26), "bad"),
    Queue("已合格", 247, "#tiles", "名", tone="good", note="占已核验的 79%"),
    Queue("剩余名额", 5, "#tiles", "个", tone="info", note="共 50 个"),
]
JOBS = [
    {
        "name": "资格核验",
        "status": status,
        "progress_done": done,
        "progress_total": total,
        "progress_label": label,
        "error": error,
    }
    for status, done, total, label, error in (
        ("queued", 0, 0, "前面还有 1 个任务", ""),
        ("running", 120_000, 300_000, "正在核对一线工作年限", ""),
        ("done", 300_000, 300_000, "用时 2 分 14 秒", ""),
        (
            "parked",
            80_000,
            300_000,
            "",
            "三次尝试均未成功，已停止并通知管理员；已完成部分没有丢失，可从断点继续。",
        ),
    )
]
FINDINGS = [
    {
        "title": "一线生产现场工作年限",
        "clause": "《选树办法》第四条第（二）项",
        "threshold": "不少于 60 个月",
        "actual": "59 个月",
        "met": False,
        "source": "一线工作经历 2 段，重叠月份只计一次",
        "gap": "还差 1 个月；如在岗不间断，2026年7月31日满足。",
        "formula": "30 + 29 = 59 个月",
        "lines": (
            "2015年3月至2017年8月　示例第一机床厂　数控车工（30个月）",
            "2019年1月至2021年5月　示例第二机床厂　数控车工（29个月）",
        ),
    },
    {
        "title": "创新力说明",
        "clause": "《选树办法》第四条第（四）项",
        "threshold": "须填写",
        "actual": None,
        "met": None,
        "source": "推荐人选汇总表第 27 行“创新力”栏为空",
        "gap": "请推荐单位补充创新成果及本人作用。",
    },
    {
        "title": "职业技能等级",
        "clause": "《选树办法》第四条第（三）项",
        "threshold": "高级工及以上",
        "actual": "技师",
        "met": True,
        "source": "证书编号末位校验相符",
    },
    {
        "title": "思想政治素质",
        "clause": "《选树办法》第四条第（一）项",
        "threshold": "",
        "actual": "尚无核定意见",
        "met": None,
        "severity": "human",
        "source": "由推荐单位工会与区总工会核定",
    },
]
STEPS = [
    {"title": "推荐", "state": "done", "at": "2026年5月8日", "actor": "示例第一机床厂工会"},
    {
        "title": "资格核验",
        "state": "done",
        "at": "2026年6月12日",
        "actor": "系统",
        "note": "五项条件中四项符合，一项由人员核定。",
    },
    {"title": "专家评审", "state": "current", "at": "截至2026年7月3日", "actor": "评审专家组"},
    {"title": "公示", "state": "upcoming"},
    {"title": "公布", "state": "upcoming"},
]
RECORDS = [
    {
        "at": datetime(2026, 6, 12, 1, 30, tzinfo=UTC),
        "label": "更正工作经历",
        "actor": "周岚",
        "note": "依据单位人事档案更正起止月份。",
        "changes": [{"label": "一线工作截止", "before": "2021年3月", "after": "2021年5月"}],
    },
    {
        "at": datetime(2026, 5, 8, 8, 5, tzinfo=UTC),
        "label": "导入推荐人选",
        "actor": "孙明",
        "changes": [],
    },
]
FACTS = [
    {"label": "轮次", "value": "2026年北京大工匠选树"},
    {"label": "依据", "value": "北京市工匠选树办法（2024年版）"},
    {"label": "核算截止日", "value": "2026年6月30日"},
    {"label": "主办", "value": "北京市总工会"},
    {"label": "名额", "value": "50"},
    {"label": "备注", "value": ""},
]
TABS = [
    {"label": "全部", "href": "#tabs", "count": 312, "is_current": True},
    {"label": "合格", "href": "#tabs", "count": 247},
    {"label": "不合格", "href": "#tabs", "count": 31},
    {"label": "资料缺失", "href": "#tabs", "count": 34},
]
SHEET = {
    "columns": ("序号", "姓名", "公民身份号码", "推荐单位", "一线工作经历"),
    "rows": (
        {
            "line": 5,
            "cells": (
                {"value": "1"},
                {"value": "王建国"},
                {"value": "1101************35"},
                {"value": "示例第一机床厂工会"},
                {"value": "2010.03—至今 数控车工"},
            ),
        },
        {
            "line": 6,
            "cells": (
                {"value": "2"},
                {"value": "李秀英"},
                {"value": "1101************4", "severity": "error", "fault": "少1位：应为18位"},
                {"value": "示例轨道交通公司工会"},
                {"value": "2016.5-2021.7 电力机车钳工"},
            ),
        },
        {
            "line": 7,
            "cells": (
                {"value": "3"},
                {"value": "赵振华"},
                {"value": "1101************62"},
                {"value": "示例电力公司", "severity": "error", "fault": "组织机构中没有这个单位"},
                {"value": "", "severity": "warning", "fault": "未填写，核验将按资料缺失处理"},
            ),
        },
    ),
}
