"""An item of a contest as the subject of a marking sheet, which may bring it into being."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Self

from django.urls import NoReverseMatch, reverse

from competitions.imports import headings, titles
from competitions.models import Item
from competitions.models.competitions import CODE_PATTERN, CODE_WORDS
from competitions.permissions import KEEPERS, may_mark_by_sheet
from competitions.services.schemes import put_in_place
from intake.kinds import NoSuchSubjectError, Option, Subject
from organizations.models import Organization
from organizations.scoping import outermost_bodies
from policies.library.contests import ContestClass
from workflow.refusals import DomainError

if TYPE_CHECKING:
    from collections.abc import Collection

    from intake.models import ImportBatch
    from intake.spreadsheets.tables import Table
    from organizations.models import User

_TEXT = "competitions.item:"
_CODE = re.compile(CODE_PATTERN)


class MarksSubject(Subject):
    """The item that marks are for: on file, or to be made from the header (``creates``)."""

    options = (
        Option("item", "项目编码", "如 2026-CNC"),
        Option(
            "create-scheme",
            "",
            "没有该项目或没有评分方案的，按表头建立",
            type=bool,
            default=False,
        ),
        Option(
            "contest-class",
            "类别",
            "新建竞赛的类别：first 一类，second 二类；不写则按表格标题",
            default="",
            choices=tuple(kind.value for kind in ContestClass),
        ),
    )

    def __init__(
        self, code: str, *, item: Item | None = None, creates: bool = False, contest_class: str = ""
    ) -> None:
        self.code, self.item = code, item
        self.creates, self.contest_class = creates, contest_class
        self.title = f"{item.competition} {item}" if item else code
        self.trail = (("技能竞赛", _address("competitions:list")),)
        if item:
            self.trail += ((item.name, _address("competitions:item", item.code)),)

    @classmethod
    def found(cls, user: User, **key: Any) -> Self:
        code, creates = key["item"].strip(), key["create_scheme"]
        rows = Item.objects.visible_to(user).select_related("competition__organizer")
        item = rows.filter(code__iexact=code).first()
        if item is None and not creates:
            message = (
                f"没有编码为 {code} 的竞赛项目，请核对编码；按表头新建的，请加 --create-scheme"
            )
            raise NoSuchSubjectError(message)
        if item is None and not _CODE.fullmatch(code):
            raise NoSuchSubjectError(CODE_WORDS)
        return cls(
            item.code if item else code,
            item=item,
            creates=creates,
            contest_class=key["contest_class"] or "",
        )

    @classmethod
    def stored(cls, text: str) -> Self | None:
        code, _, manner = text.removeprefix(_TEXT).partition("?")
        rows = Item.objects.select_related("competition__organizer")
        item = rows.filter(code=code).first()
        if item is None and not manner:
            return None
        creates, _, contest_class = manner.partition("=")
        return cls(code, item=item, creates=bool(creates), contest_class=contest_class)

    @classmethod
    def names(cls, texts: Collection[str]) -> dict[str, str]:
        codes = {text: text.removeprefix(_TEXT).partition("?")[0] for text in texts}
        names = dict(Item.objects.filter(code__in=codes.values()).values_list("code", "name"))
        return {text: names.get(code, code) for text, code in codes.items()}

    @property
    def text(self) -> str:
        manner = f"?create={self.contest_class}" if self.creates else ""
        return f"{_TEXT}{self.code}{manner}"

    def bodies(self, user: User) -> list[Organization]:
        """The organizer; of a contest to be made, a body that this account serves (a command: the city)."""
        if self.item:
            return [self.item.competition.organizer]
        if user.is_system:
            rows = Organization.objects.order_by("path")
            city = rows.filter(kind=Organization.Kind.CITY).first()
            bodies = [body] if (body := city or rows.first()) else []
        else:
            bodies = outermost_bodies(user, KEEPERS)
        if not bodies:
            raise DomainError("no-organizer", "还没有可以作主办单位的组织，请先导入组织机构")
        return bodies

    def check_open(self, actor: User, organization: Organization | None = None) -> None:
        if self.item:
            may_mark_by_sheet.check(actor, self.item)

    def check_table(self, table: Table) -> str:
        headings.check_unknown(table.unknown)
        headings.aspects_in({key: table.heading(key) for key in table.header.further})
        found = titles.read_title(table.title)
        stated = self.contest_class or (self.item.competition.contest_class if self.item else "")
        if found.contest_class and stated and found.contest_class != stated:
            return "表格标题写明的竞赛类别与登记的不同，请核对"
        return ""

    def prepare(self, batch: ImportBatch, table: Table) -> None:
        """Make the item and the scheme that are missing, if so asked; else hold the header to them."""
        planned = headings.aspects_in({key: table.heading(key) for key in table.header.further})
        self.item = put_in_place(
            self, planned, titles.read_title(table.title), batch=batch, actor=batch.uploaded_by
        )


def _address(name: str, *args: str) -> str:
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return reverse("intake:imports")
