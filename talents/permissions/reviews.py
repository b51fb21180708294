"""Who keeps the pool of experts, draws, hands out, marks, and sees what the marks come to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q
from django.utils import timezone

from organizations.roles import STAFF, Role
from organizations.scoping import holds_role, holds_role_anywhere
from policies.wording import chinese_day
from talents.models import Declaration, Draw, Nomination, PublicNotice, Review
from talents.permissions.oneself import unless_candidate_in
from talents.rules.contests import contested
from talents.rules.declaring import chain_of_draws, kept_apart, overdue_in, waiting_in
from talents.rules.looks import looks_due
from talents.rules.panels import panel_that_decided, panel_under_way
from talents.rules.ranking import ReviewRule
from talents.rules.stages import REVIEW, is_late, unless_filed
from talents.rules.taking_back import handed_out, pairs_of, wanting_in
from workflow.permissions import permission
from workflow.refusals import DomainError
from workflow.transitions import Step, Transition

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from organizations.models import Organization, User
    from talents.models import AssessmentRun, SelectionRound

REVIEW_READERS = STAFF | {Role.AUDITOR}
#: Who hands in the marks of a review held on paper.
MARK_KEEPERS = frozenset({Role.HANDLER})
RELEASE = Transition(
    "talents.draw-released",
    "分发评审材料",
    frozenset({Draw.State.DRAWN}),
    Draw.State.RELEASED,
    frozenset({Role.APPROVER}),
)
FOLLOW = Transition(
    "talents.draw-followed",
    "由替补续发",
    frozenset({Draw.State.RELEASED}),
    Draw.State.FOLLOWED,
    frozenset({Role.APPROVER}),
)
DECLARE_CLEAR, DECLARE_TIES, LAPSE = (
    Step(
        frozenset({Declaration.Status.ASKED}),
        target,
        "declaration-given",
        "该份回避申报{now}，已经办结，不能再改",
    )
    for target in (
        Declaration.Status.CLEAR,
        Declaration.Status.RECUSED,
        Declaration.Status.LAPSED,
    )
)
SUBMIT = Step(
    frozenset({Review.Status.ASSIGNED}),
    Review.Status.SUBMITTED,
    "review-submitted",
    "该份评分{now}，不能再改；确需复评的，由主办工会安排",
)


@permission
def may_keep_pool(user: User, organization: Organization) -> DomainError | None:
    """Keep the pool of experts of a union that organizes rounds."""
    if holds_role(user, STAFF, organization.path):
        return None
    return DomainError("role-required", "您没有维护专家库的权限，请由主办工会的经办人或审批人办理")


@permission
def may_keep_some_pool(user: User) -> DomainError | None:
    """The same of any union."""
    if holds_role_anywhere(user, STAFF):
        return None
    return DomainError("role-required", "您没有维护专家库的权限，请由主办工会的经办人或审批人办理")


@permission
def may_import_reviews(user: User, selection: SelectionRound) -> DomainError | None:
    """Hand in the marks of a review that was held on paper: staff of the organizer itself."""
    if holds_role(user, MARK_KEEPERS, selection.organizer.path):
        return unless_decided(selection) or unless_candidate_in(user, selection)
    message = f"您没有登记评审打分的权限，请由“{selection.organizer.name}”的经办人导入"
    return DomainError("role-required", message)


def check_judged(selection: SelectionRound, run: AssessmentRun | None) -> None:
    """Nobody is marked before the round has a finished eligibility check."""
    if run is None:
        message = f"“{selection.name}”尚未完成资格核验；核验完成后，合格的人选才进入评审"
        raise DomainError("round-not-assessed", message)


def unless_reviewed(selection: SelectionRound) -> DomainError | None:
    """Why nothing is decided by the marks yet.

    A paper of a candidate in the running waits for its expert or for another in the expert's place, marks
    lie too far apart and were not looked at again, or a contest has no result that stands.
    """
    checked = selection.nominations.filter(state=Nomination.State.CHECKED)
    if refusal := _unless_contests_over(selection, checked, "上会、拟定名单"):
        return refusal
    in_the_running = Q(nomination__round=selection, nomination__state=Nomination.State.CHECKED)
    waiting = Review.objects.filter(in_the_running).waiting()
    waiting = waiting.exclude(
        nomination__in=contested(selection)
    )  # placed by a contest, not by marks
    if count := waiting.values("nomination").distinct().count():
        message = (
            f"还有{count}名人选的评分没有全部提交，评审结束后才能上会、拟定名单；"
            "专家迟迟不评的，可写明事由收回材料，由他人替补"
        )
        return DomainError("review-not-over", message)
    rule = ReviewRule.of(selection)
    if count := _apart(selection, rule):
        message = (
            f"有{count}名人选的专家评分分差超过{rule.spread_limit}分，须先安排复评、"
            "复评完成后才能上会、拟定名单"
        )
        return DomainError("second-look-due", message)
    return None


def has_confirmed(selection: SelectionRound) -> bool:
    """Whether anybody of the round is confirmed, so that there is somebody to decide about."""
    return selection.nominations.filter(state=Nomination.State.CHECKED).exists()


def unless_nobody_confirmed(selection: SelectionRound) -> DomainError | None:
    """Why nothing is put to a meeting or on a list: nobody is confirmed, or everybody was given back."""
    if has_confirmed(selection):
        return None
    message = f"“{selection.name}”还没有已确认的推荐，先确认核验合格的推荐，再上会、拟定名单"
    return DomainError("nobody-confirmed", message)


def _apart(selection: SelectionRound, rule: ReviewRule) -> int:
    """How many in the running have marks too far apart that were not looked at again."""
    due = looks_due(selection, rule).filter(nomination__state=Nomination.State.CHECKED)
    by_marks = due.exclude(nomination__in=contested(selection))
    return by_marks.values("nomination").distinct().count()


def is_second_look_due(selection: SelectionRound) -> bool:
    """Whether a second look is to be ordered before anything is decided."""
    return bool(_apart(selection, ReviewRule.of(selection)))


def check_reviewed(selection: SelectionRound) -> None:
    """That the marks of the round are all in, as ``unless_reviewed`` has it."""
    if refusal := unless_reviewed(selection):
        raise refusal


def check_contests_over(selection: SelectionRound, among: QuerySet[Nomination], to_do: str) -> None:
    """That every contest that decides the trade of some of ``among`` has a result that stands."""
    if refusal := _unless_contests_over(selection, among, to_do):
        raise refusal


def _unless_contests_over(
    selection: SelectionRound, among: QuerySet[Nomination], to_do: str
) -> DomainError | None:
    open_ = {one for one in contested(selection, among=among).values() if not one.is_over}
    if not open_:
        return None
    said = "；".join(f"{one.trade}由竞赛决定，{one.waits}" for one in sorted(open_))
    return DomainError(
        "contest-not-over",
        f"{said}。成绩确定之后才能{to_do}；竞赛不再办理的，在竞赛项目页面改回专家评审",
    )


def unless_decided(selection: SelectionRound) -> DomainError | None:
    """Why the marks of a round stand as they are: a panel's meeting or a list rests on them.

    What a confirmed meeting was held without, though it should have been there (marks that were due, a
    second look), is still given before a list is drawn up; the meeting is then put right by the new order.
    """
    if (entering := panel_under_way(selection)) is not None:
        message = (
            f"“{selection.name}”已按现有评分上会（{entering.minutes_number}，{entering.get_state_display()}），"
            "评分不能再登记、撤销或复评；确需办理的，先作废该次会议，再重新上会"
        )
        return DomainError("marks-decided-by", message)
    never = (PublicNotice.State.DROPPED, PublicNotice.State.REPLACED)
    has_list = selection.notices.filter(of_level=False).exclude(state__in=never).exists()
    if has_list or (panel_that_decided(selection) and unless_reviewed(selection) is None):
        message = f"“{selection.name}”已按现有评分上会或拟定名单，评分不能再登记、撤销或复评"
        return DomainError("marks-decided-by", message)
    return None


def check_undecided(selection: SelectionRound) -> None:
    """That nothing was decided by the marks of the round yet: no panel's result, no list."""
    if refusal := unless_decided(selection):
        raise refusal


def _unless_papers_useless(selection: SelectionRound) -> DomainError | None:
    """Nobody is drawn or handed a paper whose marks could not be taken any more."""
    if unless_decided(selection) is None:
        return None
    message = (
        f"“{selection.name}”已按现有评分上会或拟定名单，不能再抽取专家、分发评审材料；"
        "会议正在录入或名单待发布的，先作废再办理"
    )
    return DomainError("marks-decided-by", message)


@permission
def may_draw(user: User, selection: SelectionRound) -> DomainError | None:
    """Draw experts for the round's candidates, until a draw is released."""
    if not holds_role(user, STAFF, selection.organizer.path):
        message = f"您没有抽取专家的权限，请由“{selection.organizer.name}”的经办人或审批人办理"
        return DomainError("role-required", message)
    if selection.draws.filter(state=Draw.State.RELEASED).exists():
        return DomainError("review-begun", "评审材料已经分发，不能重新抽取专家")
    return (
        unless_candidate_in(user, selection)
        or _unless_papers_useless(selection)
        or unless_filed(selection)
    )


@permission
def may_release(user: User, draw: Draw) -> DomainError | None:
    """Hand the papers out to those drawn: an approver other than who drew."""
    if refusal := RELEASE.why_not(user, draw, draw.round.organizer):
        return refusal
    drawers = {one.drawn_by_id for one in chain_of_draws(draw)}
    if user.pk in drawers and not user.is_system:
        message = "专家由您抽取或替补，须由主办工会的另一位审批人核对后分发"
        return DomainError("drawer-cannot-release", message)
    return (
        unless_candidate_in(user, draw.round)
        or _unless_papers_useless(draw.round)
        or _unless_declared(draw)
    )


def _unless_declared(draw: Draw) -> DomainError | None:
    """No paper goes out while an expert may still declare, or one has to be substituted."""
    if count := waiting_in(draw).count():
        message = f"还有{count}名专家没有申报回避，申报齐全或期限届满后再分发"
        return DomainError("declarations-open", message)
    if stands_back(draw):
        message = "有专家申报回避或逾期未申报，须先替补再分发"
        return DomainError("substitutes-wanted", message)
    return None


def stands_back(draw: Draw) -> bool:
    """Whether somebody of the draw whose paper is not with them declared a tie, or nothing in time."""
    out = handed_out(draw)
    with_them = pairs_of(out) if out else set()
    return bool(
        {one.expert_id for one in overdue_in(draw)} & {e for _, e in pairs_of(draw) - with_them}
        or kept_apart(draw) - with_them
    )


@permission
def may_substitute(user: User, draw: Draw) -> DomainError | None:
    """Put others in the places of those who stand back or never answered: staff of the organizer."""
    if not holds_role(user, STAFF, draw.round.organizer.path):
        message = f"您没有替补专家的权限，请由“{draw.round.organizer.name}”的经办人或审批人办理"
        return DomainError("role-required", message)
    if draw.round.draws.filter(pk__gt=draw.pk).exists():
        return DomainError("draw-superseded", "此后又抽取或替补过专家，只办理最近一次的结果")
    if count := waiting_in(draw).count():
        message = f"还有{count}名专家没有申报回避，申报齐全或期限届满后再替补"
        return DomainError("declarations-open", message)
    if not (stands_back(draw) or wanting_in(draw)):
        if draw.state == Draw.State.RELEASED:
            message = "评审材料已经分发，没有收回待替补的材料，不能再替补专家"
            return DomainError("review-begun", message)
        return DomainError("nobody-to-substitute", "没有申报回避或逾期未申报的专家，不必替补")
    return unless_candidate_in(user, draw.round)


@permission
def may_declare(user: User, declaration: Declaration) -> DomainError | None:
    """Declare for oneself; of an expert without an account, staff put down what came in on paper."""
    expert, organizer = declaration.expert, declaration.round.organizer
    is_own = expert.user_id is not None and expert.user_id == user.pk
    is_for_another = expert.user_id is None and holds_role(user, STAFF, organizer.path)
    if not (is_own or is_for_another):
        return DomainError(
            "role-required", "回避由专家本人申报；没有账号的，由主办工会按书面申报登记"
        )
    if declaration.status != Declaration.Status.ASKED:
        message = f"您的回避申报{declaration.get_status_display()}，已经办结，不能再改"
        return DomainError("declaration-given", message)
    if declaration.due_on < timezone.localdate():
        message = f"申报期限到{chinese_day(declaration.due_on)}，已逾期，由主办工会替补"
        return DomainError("declaration-overdue", message)
    return None if is_own else unless_candidate_in(user, declaration.round)


@permission
def may_rank(user: User, selection: SelectionRound) -> DomainError | None:
    """See what the marks come to: the organizer's staff and auditors, but no candidate of the round."""
    if holds_role(user, REVIEW_READERS, selection.organizer.path):
        return unless_candidate_in(user, selection)
    message = f"评审得分由“{selection.organizer.name}”掌握，公示前不对外"
    return DomainError("role-required", message)


@permission
def may_order_look(user: User, selection: SelectionRound) -> DomainError | None:
    """Have candidates marked again whose marks lie too far apart."""
    if not holds_role(user, STAFF, selection.organizer.path):
        message = f"您没有安排复评的权限，请由“{selection.organizer.name}”的经办人或审批人办理"
        return DomainError("role-required", message)
    if refusal := unless_candidate_in(user, selection) or unless_decided(selection):
        return refusal
    rule = ReviewRule.of(selection)
    if looks_due(selection, rule).exists():
        return None
    message = f"没有须复评的人选：分差都不超过{rule.spread_limit}分，或已复评过、专家没有账号"
    return DomainError("nothing-to-look-at", message)


@permission
def may_submit_marks(user: User, review: Review) -> DomainError | None:
    """Hand one's marks in while the review runs; what was kept stays, should it be prolonged."""
    if refusal := may_mark.why_not(user, review):
        return refusal
    selection = review.nomination.round
    if is_late(selection, REVIEW):
        message = (
            f"“{selection.name}”专家评审已截止，逾期不再受理；已填评分保留，"
            "确需补评的，由主办工会调整阶段日历后提交"
        )
        return DomainError("review-closed", message)
    if unless_decided(selection):
        message = f"“{selection.name}”已按现有评分上会或拟定名单，不再接受评分；已填评分保留"
        return DomainError("marks-decided-by", message)
    return None


@permission
def may_mark(user: User, review: Review) -> DomainError | None:
    """Mark what one was assigned; nobody marks in another's place."""
    if review.expert.user_id != user.pk or user.pk is None:
        return DomainError("role-required", "该份材料分配给了别的专家")
    if review.taken_at is not None:
        return DomainError("paper-taken-back", "该份材料已由主办工会收回，不再由您评分")
    if review.status != Review.Status.ASSIGNED:
        return DomainError(
            "review-submitted", "该份评分已提交，不能再改；确需复评的，由主办工会安排"
        )
    return None
