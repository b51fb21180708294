"""The list of those who rise leaves the house, with identity numbers, for a reason and on the record."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils import timezone

from competitions.documents.submission import labour_list
from competitions.models import Promotion
from competitions.permissions.promotions import may_submit_list
from competitions.selectors.competitions import promotions_in_scope
from competitions.services.promotions import outdated
from competitions.tables.contests import item_trail
from competitions.views.access import for_keepers, item_or_404
from pages.documents import XLSX
from pages.forms import ReasonForm, posted
from pages.views.forms import FormPage, for_form, form_page
from pages.views.lists import EXPORTED
from pages.views.papers import file_answer
from talents.services.identities import reveal_identities
from workflow.records import record_event, subject_of
from workflow.refusals import DomainError

if TYPE_CHECKING:
    from django.http import HttpResponse

    from competitions.models import Item
    from organizations.models import User
    from pages.permissions import SignedRequest

LEAD = (
    "名单供报送人力社保部门核发证书，含公民身份号码。每人的号码各记一次查看留痕，本人可以查到；"
    "不在您范围内的人员，号码由所属单位另报。"
)


@for_form
@for_keepers
def promotions_submit(request: SignedRequest, code: str) -> HttpResponse:
    """Draw up the list of those proposed, as a workbook."""
    item = item_or_404(request, code)
    form = ReasonForm(posted(request))
    listed = reverse("competitions:promotions", args=[code])

    def draw_up() -> HttpResponse:
        may_submit_list.check(request.user, item)
        rows = _proposed(request.user, item)
        reason = form.cleaned_data["note"]
        numbers = reveal_identities([row.person for row in rows], actor=request.user, reason=reason)
        record_event(
            EXPORTED.of("晋升人员名单（含公民身份号码）"),
            subject_of(item),
            actor=request.user,
            organization=item.competition.organizer,
            after={"count": len(rows)},
            note=reason,
        )
        name = f"{item}晋升人员名单-{timezone.localdate():%Y%m%d}.xlsx"
        return file_answer(labour_list(item, rows, numbers), name, XLSX, is_saved=True)

    page = FormPage(
        title="报送晋升人员名单",
        button="生成名单",
        cancel_href=listed,
        trail=(*item_trail(item), ("晋升建议", listed)),
        kicker=str(item),
        lead=LEAD,
    )
    return form_page(request, form, page, draw_up)


def _proposed(user: User, item: Item) -> list[Promotion]:
    """Those who wait for their certificate, by rank; refused where one of them is to be dealt with first."""
    found = promotions_in_scope(user).filter(item=item, state=Promotion.State.PROPOSED)
    rows = list(found.order_by("rank", "pk"))
    if not rows:
        raise DomainError("nobody-proposed", "没有待报送的晋升人员：尚未提出，或均已登记证书")
    if doubted := outdated(item, rows):
        names = "、".join(row.person.name for row in rows if row.pk in doubted)
        message = f"{names}的晋升建议与现在的成绩或所持等级不符，请先处理，再报送名单"
        raise DomainError("proposals-outdated", message)
    return rows
