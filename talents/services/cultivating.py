"""Somebody who is cultivated changes to another unit or post: registered, with what it was before."""

from __future__ import annotations

from django.db import transaction
from django.urls import reverse

from organizations.models import Organization, User
from organizations.roles import STAFF, Role
from organizations.scoping import accounts_that_serve
from talents.models import Cultivation
from talents.permissions.growth import may_cultivate, may_move
from workflow.notices import tell
from workflow.records import Event, record_event, subject_of
from workflow.refusals import DomainError, check_reason

MOVED = Event("talents.cultivation-moved", "变更培养单位或岗位")


@transaction.atomic
def move_cultivation(
    cultivation_id: int, *, organization_id: int, post: str = "", actor: User, note: str
) -> Cultivation:
    """From now on that unit reports and stands by the plan; period, reports and their days stay.

    A change of the post alone names the same unit; the post at the old unit does not go along to
    another. Both units and their unions are told.
    """
    rows = Cultivation.objects.visible_to(actor).select_related("organization", "person")
    found = rows.select_for_update(of=("self",)).get(pk=cultivation_id)
    may_move.check(actor, found)
    check_reason(note, "变更培养单位或岗位")
    body = Organization.objects.visible_to(actor).get(pk=organization_id)
    may_cultivate.check(actor, body)
    before, post = found.organization, post.strip()
    if body == before and post in ("", found.post):
        message = "培养单位没有变，也没有填写新的岗位，请核对后再登记"
        raise DomainError("nothing-moved", message)
    was, now = {"organization": before.name}, {"organization": body.name}
    if post != found.post and (post or body != before):
        was["post"], now["post"] = found.post, post
        found.post = post
    found.organization = body
    found.save(update_fields=["organization", "post"])
    # at the unit that is left, too: its own record says where the person went
    for place in dict.fromkeys((before, body)):
        record_event(
            MOVED,
            subject_of(found),
            actor=actor,
            organization=place,
            before=was,
            after=now,
            note=note.strip(),
        )
    words = f"{before}→{body}" if body != before else f"{body}，新岗位：{post}"
    roles = {*STAFF, Role.NOMINATOR}
    near = User.objects.filter(accounts_that_serve(roles, body.path))
    left = User.objects.filter(accounts_that_serve(roles, before.path))
    page = reverse("talents:cultivation", args=[found.pk])
    # its page is no more for those who serve at the old unit alone
    for recipients, href in ((near, page), (left.exclude(pk__in=near.values("pk")), "")):
        tell(
            recipients.exclude(pk=actor.pk).distinct(),
            f"培育变更：{found}",
            subject=subject_of(found),
            href=href,
            body=f"{words}。事由：{note.strip()}。培育期和报备日期不变。",
        )
    return found
