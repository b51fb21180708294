"""The policies as a Chinese document that a lawyer can read, compare with the originals and sign."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from policies import wording
from policies.library.defaults import HEAD, section_of
from policies.library.policy import GRADE_LABELS, Article, Policy, Step
from policies.readings import EXPLANATORY, is_explanatory
from policies.wording.statements import SECTION_TITLES, full_statements

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from policies.models import DefaultConfirmation

    Confirmed = Mapping[tuple[str, str], DefaultConfirmation]

DEFAULT_MARK = f"【{wording.DEFAULT}】"
PREFACE = (
    "政策文件的全部条文。系统实际据以核验和统计的，在“系统用途”中写明；"
    f"其余为{EXPLANATORY}，系统不读取。由政策文件生成（`manage.py rulebook`），不手工修改；"
    f"文件一经载入即以摘要值固定。{DEFAULT_MARK}表示条文含有公开资料未写明、由系统选定的默认，"
    "须由主管部门确认。"
)


def rulebook(
    policies: Sequence[Policy], confirmed: Mapping[str, Confirmed] | None = None
) -> dict[str, str]:
    """Relative path → Markdown: an index, and one document for each policy.

    ``confirmed`` has by digest of a policy what of it is confirmed.
    """
    known = confirmed or {}
    pages = {
        f"rulebook/{_name(policy)}.md": document(policy, known.get(policy.digest, {}))
        for policy in policies
    }
    return {"rulebook.md": _index(policies), **pages}


def _name(policy: Policy) -> str:
    return policy.code if policy.edition == 1 else f"{policy.code}-{policy.edition}"


def _index(policies: Sequence[Policy]) -> str:
    rows = [
        f"| [{policy.title}](rulebook/{_name(policy)}.md) | {policy.jurisdiction} | {policy.edition} "
        f"| {wording.span(policy.effective_from, policy.effective_until)} | `{policy.digest}` |"
        for policy in policies
    ]
    heading = ["| 政策 | 适用范围 | 版次 | 适用期间 | 摘要值（SHA-256） |", "|---|---|---|---|---|"]
    return "\n".join(["# 政策规则手册", "", PREFACE, "", *heading, *rows, ""])


@dataclass(slots=True)
class _Draft:
    """The document being written; articles are numbered through."""

    policy: Policy
    confirmed: Confirmed
    lines: list[str] = field(default_factory=list)
    articles: int = 0
    chapters: int = 0

    def chapter(self, title: str) -> None:
        self.chapters += 1
        self.lines += [f"## 第{wording.chinese_number(self.chapters)}章　{title}", ""]

    def mark(self, section: str, code: str) -> str:
        """That an item was chosen by us, and by which document that is confirmed."""
        basis = self.confirmed.get((section, code))
        return f"【{wording.CONFIRMED}：{basis.document_number}】" if basis else DEFAULT_MARK

    def chosen(self, *names: str) -> str:
        """The mark of a default where one of these fields of the head is our choice."""
        ours = [name for name in names if name in self.policy.default_fields]
        return "".join(dict.fromkeys(self.mark(HEAD, name) for name in ours))

    def article(self, item: Article) -> None:
        self.articles += 1
        mark = self.mark(section_of(item), item.code) if item.default else ""
        self.lines += [f"**第{wording.chinese_number(self.articles)}条　{item.title}**{mark}", ""]
        said = full_statements(self.policy, item)
        self.lines += [*(f"- {label}：{text}" for label, text in said), ""]


def document(policy: Policy, confirmed: Confirmed | None = None) -> str:
    """One policy from its title to the signature."""
    draft = _Draft(policy, confirmed or {})
    _heading(draft)
    for section, title in SECTION_TITLES.items():
        items = getattr(policy, section)
        if section == "procedure":
            _procedures(draft, items)
        elif items:
            draft.chapter(title)
            for item in items:
                draft.article(item)
    _sources(draft)
    _signature(draft)
    return "\n".join(draft.lines) + "\n"


def _heading(draft: _Draft) -> None:
    policy = draft.policy
    span = wording.span(policy.effective_from, policy.effective_until)
    defaults = sum(item.default for item in policy.articles())
    explanatory = sum(is_explanatory(policy, item) for item in policy.articles())
    draft.lines += [
        f"# {policy.title}",
        "",
        f"- 发布机关：{policy.issuer}{draft.chosen('issuer')}",
        f"- 适用范围：{policy.jurisdiction}",
        f"- 文件性质：{wording.STATUSES[policy.status]}{draft.chosen('status')}",
        f"- 文号：{policy.document_number or '未见公布'}",
        f"- 适用期间：{span}{draft.chosen('effective_from', 'effective_until')}",
        f"- 编码与版次：`{policy.code}` 第 {policy.edition} 版",
        f"- 摘要值（SHA-256）：`{policy.digest}`",
        f"- 含有系统选定默认的条文 {defaults} 条，以{DEFAULT_MARK}标明",
        f"- {EXPLANATORY} {explanatory} 条，在“系统用途”中标明",
        "",
        policy.summary,
        "",
        *([f"> {policy.note}", ""] if policy.note else []),
    ]


def _procedures(draft: _Draft, steps: Sequence[Step]) -> None:
    for name in dict.fromkeys(step.procedure for step in steps):
        draft.chapter(f"程序：{name}")
        for step in steps:
            if step.procedure == name:
                draft.article(step)


def _sources(draft: _Draft) -> None:
    draft.chapter("出处")
    draft.lines += ["| 来源 | 内容 | 时间 | 等级 |", "|---|---|---|---|"]
    draft.lines += [
        f"| {s.publisher} | {s.title} | {s.published} | {GRADE_LABELS[s.grade]} |"
        for s in draft.policy.sources
    ]
    draft.lines += ["", "推断或通行做法、未经证实的常识，均不作必备条件。", ""]


def _signature(draft: _Draft) -> None:
    draft.chapter("审核签署")
    draft.lines += [
        f"本人已将以上共 {draft.articles} 条与所据文件逐条核对。",
        "",
        "| | 姓名 | 职务 | 签字 | 日期 |",
        "|---|---|---|---|---|",
        "| 业务主管 | | | | |",
        "| 法律顾问 | | | | |",
        "| 分管领导 | | | | |",
        "",
        f"所签文本的摘要值（SHA-256）：`{draft.policy.digest}`",
    ]
