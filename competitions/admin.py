"""The back office of the contests: what is on file, searched and filtered, with its history."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import admin

from competitions.models import (
    Appeal,
    Arbiter,
    Aspect,
    Award,
    Board,
    BoardLine,
    Chain,
    Competition,
    Entry,
    Item,
    Judge,
    Mark,
    Promotion,
    Scheme,
    Terms,
    Trial,
    TypedSheet,
)
from competitions.tables.arbiters import ArbiterTable
from competitions.tables.chains import ChainTable
from competitions.tables.contests import CompetitionTable, ItemTable, TermsTable, TrialTable
from competitions.tables.entries import EntryTable
from competitions.tables.marking import AspectTable, JudgeTable, MarkTable, SchemeTable
from competitions.tables.results import (
    AllPromotionTable,
    AppealTable,
    AwardTable,
    BoardLineTable,
    BoardTable,
)
from competitions.tables.sheets import TypedSheetTable
from pages.admin.recorded import RecordedAdmin

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import HttpRequest


@admin.register(Competition)
class CompetitionAdmin(RecordedAdmin):
    table, page = CompetitionTable, ("competitions:competition", "code")
    listed = "competitions:list"


@admin.register(Chain)
class ChainAdmin(RecordedAdmin):
    table, listed = ChainTable, "competitions:chains"


@admin.register(Item)
class ItemAdmin(RecordedAdmin):
    table, page = ItemTable, ("competitions:item", "code")
    listed = "competitions:items"


@admin.register(Entry)
class EntryAdmin(RecordedAdmin):
    table, page = EntryTable, ("competitions:entry", "pk")
    exclude = ("work_code",)  # it is not read beside the name until two have locked the marks


@admin.register(Scheme)
class SchemeAdmin(RecordedAdmin):
    table = SchemeTable


@admin.register(Aspect)
class AspectAdmin(RecordedAdmin):
    table = AspectTable


@admin.register(Mark)
class MarkAdmin(RecordedAdmin):
    table = MarkTable

    def get_queryset(self, request: HttpRequest) -> QuerySet[Mark]:
        """Whose marks they are is read once two have locked them."""
        return super().get_queryset(request).filter(entry__item__state__in=Item.DECODED)


@admin.register(Judge)
class JudgeAdmin(RecordedAdmin):
    table, page = JudgeTable, ("competitions:item", "item.code")


@admin.register(Arbiter)
class ArbiterAdmin(RecordedAdmin):
    table, page = ArbiterTable, ("competitions:competition", "competition.code")


@admin.register(Board)
class BoardAdmin(RecordedAdmin):
    table, page = BoardTable, ("competitions:item", "item.code")


@admin.register(BoardLine)
class BoardLineAdmin(RecordedAdmin):
    table = BoardLineTable


@admin.register(Appeal)
class AppealAdmin(RecordedAdmin):
    table, page = AppealTable, ("competitions:appeal", "pk")


@admin.register(Promotion)
class PromotionAdmin(RecordedAdmin):
    table, page = AllPromotionTable, ("competitions:promotions", "item.code")


@admin.register(Award)
class AwardAdmin(RecordedAdmin):
    table, page = AwardTable, ("competitions:item", "line.board.item.code")


@admin.register(Terms)
class TermsAdmin(RecordedAdmin):
    table, page = TermsTable, ("competitions:competition", "competition.code")


@admin.register(Trial)
class TrialAdmin(RecordedAdmin):
    table, page = TrialTable, ("competitions:item", "item.code")


@admin.register(TypedSheet)
class TypedSheetAdmin(RecordedAdmin):
    table, page = TypedSheetTable, ("competitions:sheets", "entry.item.code")

    def get_queryset(self, request: HttpRequest) -> QuerySet[TypedSheet]:
        """Whose sheets they are is read once two have locked the marks."""
        return super().get_queryset(request).filter(entry__item__state__in=Item.DECODED)
