"""The lists of who takes part."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.urls import reverse

from competitions.filters import EntryFilter
from competitions.permissions.entering import may_enter
from competitions.selectors.competitions import entries_in_scope
from competitions.selectors.eligibility import verdicts_of
from competitions.tables.contests import OfItem
from pages.tables import Button, Empty, Table
from pages.tables.columns import Column
from pages.tables.paging import NEWEST_FIRST
from policies.rules.verdicts import label_of

if TYPE_CHECKING:
    from django.db.models import QuerySet


ENTRY_TONES = {"entered": "good", "withdrawn": "", "disqualified": "bad"}


def verdict_words(row: Any) -> str:
    """What the rules say of an entrant, for a workbook."""
    return "" if row.verdict is None else label_of(row.verdict)


def signed_words(row: Any) -> str:
    """Which version of the terms was signed."""
    return f"第{row.terms.number}版" if row.terms else "未签署"


class EntryTable(Table):
    title, unit, workbook, filterset, order = (
        "参赛名单",
        "名",
        "参赛名单",
        EntryFilter,
        NEWEST_FIRST,
    )

    name = Column("姓名", path="person.name", title=True, css="unbroken")
    number = Column("参赛号", css="figures", sort="number")
    item = Column("项目")
    identity = Column(
        "公民身份号码", path="person.identity_mask", css="figures unbroken", width=22, hidden=True,
        exported=True,
    )  # fmt: skip
    employer = Column("单位")
    team = Column("队名", hidden=True)
    level = Column("现职业技能等级", path="level_words")
    signed = Column("参赛承诺", value=signed_words, hidden=True)
    late = Column("逾期补报", path="late_reason", only_exported=True, width=30)
    state = Column("状态", choice="state", tones=ENTRY_TONES, badge=True, sub="late_words")

    def rows(self) -> QuerySet[Any]:
        return entries_in_scope(self.user)

    def empty(self) -> Empty:
        return Empty("还没有参赛人", "逐人登记，或导入名单、评分表。")


class ItemEntryTable(OfItem, EntryTable):
    """Everybody entered in ``of_item``."""

    name = Column("姓名", path="person.name", link="competitions:entry", title=True, css="unbroken")

    item = None  # type: ignore[assignment]
    verdict = Column("参赛资格", cell="competitions/_verdict.html", text=verdict_words)

    def rows(self) -> QuerySet[Any]:
        return super().rows().filter(item=self.of_item)

    def prepared(self, rows: list[Any]) -> list[Any]:
        """With what the rules say of each, asked for all at once."""
        told = verdicts_of(self.of_item, [row.pk for row in rows])
        for row in rows:
            row.verdict = told.get(row.pk)
        return rows

    def buttons(self) -> list[Button]:
        if not may_enter.allows(self.user, self.of_item):
            return []
        return [
            Button(
                "报名", reverse("competitions:entry-new", args=[self.of_item.code]), is_main=True
            )
        ]
