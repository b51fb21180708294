"""The back office of the contests: what is on file, searched and filtered, with its history."""

from django.contrib import admin

from competitions.models import Aspect, Competition, Entry, Item, Mark, Scheme
from competitions.tables import (
    AspectTable,
    CompetitionTable,
    EntryTable,
    ItemTable,
    MarkTable,
    SchemeTable,
)
from pages.admin.recorded import RecordedAdmin


@admin.register(Competition)
class CompetitionAdmin(RecordedAdmin):
    table = CompetitionTable


@admin.register(Item)
class ItemAdmin(RecordedAdmin):
    table = ItemTable


@admin.register(Entry)
class EntryAdmin(RecordedAdmin):
    table = EntryTable


@admin.register(Scheme)
class SchemeAdmin(RecordedAdmin):
    table = SchemeTable


@admin.register(Aspect)
class AspectAdmin(RecordedAdmin):
    table = AspectTable


@admin.register(Mark)
class MarkAdmin(RecordedAdmin):
    table = MarkTable
