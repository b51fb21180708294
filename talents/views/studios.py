"""Studios: the list, one studio with members, projects and boosted years, and what is done about them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from organizations.roles import STAFF
from pages.forms import posted
from pages.permissions import for_roles
from pages.readings import count_read
from pages.views.deeds import Deed, decided
from pages.views.forms import FormPage, done, for_form, form_page
from pages.views.lists import list_page
from talents.forms.studios import (
    BoostFindingForm,
    BoostForm,
    LeavingForm,
    MemberForm,
    ProjectForm,
    StudioForm,
    StudioNamingForm,
)
from talents.permissions.studios import (
    APPROVERS,
    may_ask_boost,
    may_close_studio,
    may_judge_boost,
    may_keep_studio,
    may_name_studio,
)
from talents.selectors.studios import (
    boost_years_in_scope,
    members_in_scope,
    projects_in_scope,
    studios_in_scope,
)
from talents.tables.studios import BoostTable, StudioTable
from talents.views.access import for_filers, for_readers
from talents.workflow.studios import (
    add_member,
    add_project,
    ask_boost,
    close_studio,
    found_studio,
    judge_boost,
    member_leaves,
    name_studio,
)
from workflow.records import subject_of
from workflow.selectors import history_of

if TYPE_CHECKING:
    from django.http import HttpResponse

    from pages.permissions import SignedRequest
    from talents.models import Studio

DEEDS = {
    "name": Deed(
        "认定",
        "认定“{row}”吗？",
        name_studio,
        ("认定后可就在研项目申报助推；", "升级的，按新的级别和文号再认定一次。"),
        form=StudioNamingForm,
        said="工作室已认定",
    ),
    "close": Deed(
        "撤销工作室",
        "撤销“{row}”吗？",
        close_studio,
        ("此后不再登记成员、项目和助推；", "已有的记录保留。"),
        tone="bad",
    ),
}


def _trail(studio: Studio | None = None) -> tuple[tuple[str, str], ...]:
    top = (("职工创新工作室", reverse("talents:studios")),)
    if studio is None:
        return top
    return (*top, (studio.name, reverse("talents:studio", args=[studio.pk])))


def _page(title: str, button: str, studio: Studio | None = None, **words: Any) -> FormPage:
    trail = _trail(studio)
    return FormPage(title=title, button=button, trail=trail, cancel_href=trail[-1][1], **words)


@for_readers
@list_page()
def studio_list(request: SignedRequest) -> StudioTable:
    """All within reach."""
    return StudioTable(request)


@for_readers
@list_page()
def boost_list(request: SignedRequest) -> BoostTable:
    """Years asked for, and what their reviews found."""
    return BoostTable(request)


@require_safe
@for_readers
def studio_page(request: SignedRequest, pk: int) -> HttpResponse:
    """One studio: who, what it works on, which years were boosted."""
    studio, user = get_object_or_404(studios_in_scope(request.user), pk=pk), request.user
    members = list(members_in_scope(user).filter(studio=studio).order_by("joined_on", "pk"))
    years = list(boost_years_in_scope(user).filter(project__studio=studio).order_by("year"))
    count_read(user, type(studio), 1 + len(members))
    context = {
        "studio": studio,
        "members": members,
        "projects": projects_in_scope(user).filter(studio=studio).order_by("pk"),
        "years": [(one, may_judge_boost.offer(user, one)) for one in years],
        "may_keep": may_keep_studio.offer(user, studio),
        "may_ask": may_ask_boost.offer(user, studio),
        "may_name": may_name_studio.offer(user, studio),
        "may_close": may_close_studio.offer(user, studio),
        "history": history_of(subject_of(studio), user),
    }
    return render(request, "talents/studio.html", context)


@for_form
@for_filers
def studio_new(request: SignedRequest) -> HttpResponse:
    """Enter a studio."""
    form = StudioForm(posted(request), user=request.user)

    def enter() -> HttpResponse:
        facts = form.cleaned_data
        made = found_studio(
            facts["person"].pk,
            form.founding,
            organization_id=facts["organization"].pk,
            actor=request.user,
        )
        return done(request, "工作室已登记，待主管工会认定", "talents:studio", made.pk)

    return form_page(request, form, _page("登记工作室", "登记"), enter)


@for_form
@for_roles(APPROVERS)
def studio_decide(request: SignedRequest, pk: int, decision: str) -> HttpResponse:
    """Name it, or take its name back."""
    studio = get_object_or_404(studios_in_scope(request.user), pk=pk)
    return decided(request, DEEDS[decision], studio, _trail(studio))


@for_form
@for_filers
def studio_member(request: SignedRequest, pk: int) -> HttpResponse:
    """Somebody joins."""
    studio = get_object_or_404(studios_in_scope(request.user), pk=pk)
    form = MemberForm(posted(request), user=request.user)

    def join() -> HttpResponse:
        person, day = form.cleaned_data["person"], form.cleaned_data["joined_on"]
        add_member(pk, person.pk, joined_on=day, actor=request.user)
        return done(request, f"{person}已加入", "talents:studio", pk)

    return form_page(request, form, _page("登记成员", "登记", studio), join)


@for_form
@for_filers
def member_leave(request: SignedRequest, pk: int) -> HttpResponse:
    """Somebody leaves."""
    member = get_object_or_404(members_in_scope(request.user), pk=pk)
    deed = Deed("离开工作室", "登记“{row}”离开吗？", member_leaves, form=LeavingForm)
    return decided(request, deed, member, _trail(member.studio))


@for_form
@for_filers
def studio_project(request: SignedRequest, pk: int) -> HttpResponse:
    """Enter a project."""
    studio = get_object_or_404(studios_in_scope(request.user), pk=pk)
    form = ProjectForm(posted(request), user=request.user)

    def enter() -> HttpResponse:
        add_project(pk, form.cleaned_data["person"].pk, form.task, actor=request.user)
        return done(request, "项目已登记", "talents:studio", pk)

    return form_page(request, form, _page("登记项目", "登记", studio), enter)


@for_form
@for_filers
def boost_ask(request: SignedRequest, pk: int) -> HttpResponse:
    """Ask for a year of a project."""
    project = get_object_or_404(projects_in_scope(request.user), pk=pk)
    form = BoostForm(posted(request))

    def ask() -> HttpResponse:
        ask_boost(pk, actor=request.user, **form.cleaned_data)
        words = "年度助推已申报，待上级工会评审"
        return done(request, words, "talents:studio", project.studio_id)

    lead = f"{project.title}，第一完成人{project.lead.name}。连续拨付，中断之年按政策参数处理。"
    page = _page("申报年度助推", "申报", project.studio, lead=lead, keeps_draft=True)
    return form_page(request, form, page, ask)


@for_form
@for_roles(STAFF)
def boost_judge(request: SignedRequest, pk: int) -> HttpResponse:
    """Register what the yearly review found."""
    asked = get_object_or_404(boost_years_in_scope(request.user), pk=pk)
    form = BoostFindingForm(posted(request))

    def judge() -> HttpResponse:
        judge_boost(pk, actor=request.user, **form.told)
        return done(request, "评审结论已登记", "talents:studio", asked.project.studio_id)

    page = _page("登记评审结论", "登记", asked.project.studio, lead=f"{asked}，{asked.person}。")
    return form_page(request, form, page, judge)
