"""The register of rooms: the list, entering, correcting, removing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.cache import never_cache

from academies.forms.rooms import RoomCorrectionForm, RoomForm, room_initial
from academies.permissions import may_keep
from academies.selectors.rooms import rooms_in_scope
from academies.services.rooms import correct_room, register_room, remove_room
from academies.tables.academies import academy_trail
from academies.tables.rooms import RoomTable
from academies.views.access import academy_or_404, for_keepers, for_readers
from pages.forms import ReasonForm, posted
from pages.views.forms import FormPage, Question, done, for_form, form_page
from pages.views.lists import list_page
from workflow.records import subject_of
from workflow.selectors import history_of

if TYPE_CHECKING:
    from django.http import HttpResponse

    from academies.models import Room
    from pages.permissions import SignedRequest


@for_readers
@list_page()
def room_list(request: SignedRequest) -> RoomTable:
    """Every room within reach."""
    return RoomTable(request)


@for_form
@never_cache
@for_keepers
def room_new(request: SignedRequest, code: str) -> HttpResponse:
    """Enter one room of an academy."""
    academy = academy_or_404(request, code)
    may_keep.check(request.user, academy)
    form = RoomForm(posted(request))

    def enter() -> HttpResponse:
        room = register_room(academy.pk, form.facts(), actor=request.user)
        return done(request, f"已登记场地“{room}”", "academies:academy", code)

    page = FormPage(
        title="登记场地",
        cancel_href=reverse("academies:academy", args=[code]),
        trail=academy_trail(academy),
        kicker=academy.name,
        keeps_draft=True,
    )
    return form_page(request, form, page, enter)


@for_form
@never_cache
@for_keepers
def room_edit(request: SignedRequest, pk: int) -> HttpResponse:
    """Correct what it is called or how many it takes, for a reason."""
    room = _room_to_keep(request, pk)
    form = RoomCorrectionForm(posted(request), initial=room_initial(room))

    def put_right() -> HttpResponse:
        correct_room(pk, form.facts(), actor=request.user, **form.words)
        return done(request, "更正已保存", "academies:academy", room.academy.code)

    page = FormPage(
        title="更正场地",
        cancel_href=reverse("academies:academy", args=[room.academy.code]),
        trail=academy_trail(room.academy),
        here="更正场地",
        kicker=room.academy.name,
        corrects=True,
        links=(("删除该场地", reverse("academies:room-remove", args=[pk])),),
        context={"records": history_of(subject_of(room), request.user)},
    )
    return form_page(request, form, page, put_right)


@for_form
@never_cache
@for_keepers
def room_remove(request: SignedRequest, pk: int) -> HttpResponse:
    """Take it off the register."""
    room = _room_to_keep(request, pk)
    form = ReasonForm(posted(request))

    def remove() -> HttpResponse:
        remove_room(pk, note=form.cleaned_data["note"], actor=request.user)
        return done(request, f"已删除场地“{room}”", "academies:academy", room.academy.code)

    page = Question(
        tone="bad",
        title="删除场地",
        question=f"从登记表中删除“{room}”吗？",
        consequences=("班次上的培训地点不变；", "此后不再按该场地核对名册人数，删除记录留存。"),
        kicker=room.academy.name,
        trail=academy_trail(room.academy),
        cancel_href=reverse("academies:room-edit", args=[pk]),
    )
    return form_page(request, form, page, remove)


def _room_to_keep(request: SignedRequest, pk: int) -> Room:
    room = get_object_or_404(rooms_in_scope(request.user), pk=pk)
    may_keep.check(request.user, room.academy)
    return room
