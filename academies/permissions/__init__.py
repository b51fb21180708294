"""Who may do what with academies and their training: pages, imports, commands and the API ask here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils import timezone

from academies.models import Rectification, Review
from academies.models.academies import FIRST_YEAR, READERS
from academies.rules import objection_until
from organizations.models import Organization
from organizations.roles import STAFF, STAFF_AND_OVERSIGHT, Role
from organizations.scoping import holds_role, holds_role_anywhere, outermost_bodies
from workflow.permissions import permission
from workflow.refusals import DomainError
from workflow.transitions import Transition

if TYPE_CHECKING:
    from academies.models import Academy, Evaluation
    from organizations.models import User

_EVALUATED_ABOVE = "审核评价由市总工会办理，您没有登记的权限，请由市总工会的经办人、审批人办理"
#: Who brings in and corrects an academy's training: its own people, and the union above it.
KEEPERS = frozenset({Role.ACADEMY_MANAGER, Role.HANDLER})
#: Who evaluates academies, and at which bodies: for all academies of the city, never for one's own.
EVALUATORS, EVALUATING = STAFF, frozenset({Organization.Kind.CITY, Organization.Kind.NATIONAL})


@permission
def may_keep(user: User, academy: Academy) -> DomainError | None:
    """Bring in and correct what this academy taught."""
    if answers_for(user, academy.organization) or answers_for(user, academy.supervising_union):
        return None
    message = f"您没有登记“{academy.name}”培训的权限，请由学院管理员或主管工会的经办人办理"
    return DomainError("role-required", message)


@permission
def may_keep_some(user: User) -> DomainError | None:
    """Keep the rooms of any academy at all; of which, ``may_keep`` says."""
    if holds_role_anywhere(user, KEEPERS):
        return None
    return DomainError("role-required", "培训场地由学院管理员或主管工会的经办人登记")


def opens_rows(user: User) -> bool:
    """Whether years, classes and rosters open at all; experts see a file and its figures only."""
    return holds_role_anywhere(user, READERS)


def answers_for(user: User, body: Organization) -> bool:
    """Whether this account brings in training in the name of ``body``."""
    return holds_role(user, KEEPERS, body.path)


@permission
def may_designate(user: User, union: Organization) -> DomainError | None:
    """Enter and correct academies that ``union`` answers for."""
    if holds_role(user, STAFF, union.path):
        return None
    message = f"您没有登记“{union.name}”所管学院的权限，请由该工会或上级工会的经办人、审批人办理"
    return DomainError("role-required", message)


@permission
def may_register(user: User) -> DomainError | None:
    """Enter academies at all; for which union, ``may_designate`` says."""
    if holds_role_anywhere(user, STAFF):
        return None
    return DomainError("role-required", "您没有登记学院的权限，请由主管工会的经办人、审批人办理")


@permission
def may_read_plan(user: User) -> DomainError | None:
    """See how far the whole programme has come."""
    if holds_role_anywhere(user, STAFF_AND_OVERSIGHT):
        return None
    return DomainError("role-required", "您没有查看建设进度的权限")


def evaluating_bodies(user: User) -> list[Organization]:
    """The city unions for which this account evaluates academies."""
    return [b for b in outermost_bodies(user, EVALUATORS) if b.kind in EVALUATING]


@permission
def may_import_evaluations(user: User) -> DomainError | None:
    """Bring in the evaluations of a city's academies; of which, the tree decides."""
    if user.is_system or evaluating_bodies(user):
        return None
    return DomainError("role-required", _EVALUATED_ABOVE)


@permission
def may_evaluate(user: User, academy: Academy) -> DomainError | None:
    """Say how an academy was evaluated: the city union alone, never the union that answers for it."""
    path = academy.supervising_union.path
    if user.is_system or any(path.startswith(b.path) for b in evaluating_bodies(user)):
        return None
    return DomainError("role-required", _EVALUATED_ABOVE)


@permission
def may_read_flags(user: User) -> DomainError | None:
    """See what in the rosters does not add up: unions and auditors, never who handed them in."""
    if holds_role_anywhere(user, STAFF_AND_OVERSIGHT):
        return None
    return DomainError("role-required", "名册疑点供工会和经审人员查阅")


def check_year(academy: Academy, year: int) -> None:
    """Refuse a year that has not begun, or in which the academy was none any more."""
    this_year = timezone.localdate().year
    if not FIRST_YEAR <= year <= this_year:
        message = f"年度应在{FIRST_YEAR}至{this_year}之间，填写的是{year}"
        raise DomainError("year-out-of-range", message)
    if academy.withdrawn_on is not None and academy.withdrawn_on.year < year:
        message = f"“{academy.name}”已于{academy.withdrawn_on}撤销，不能登记{year}年度的培训"
        raise DomainError("academy-withdrawn", message)


STATES = Rectification.State
PROVE = Transition(
    "academies.rectification-prove",
    "填报整改情况",
    frozenset({STATES.DEMANDED}),
    STATES.PROVED,
    KEEPERS,
)
DROP_DEMAND = Transition(
    "academies.rectification-drop",
    "撤销整改事项",
    frozenset({STATES.DEMANDED, STATES.PROVED}),
    STATES.DROPPED,
    frozenset({Role.AUDITOR, Role.APPROVER}),
)
END_DEMAND = Transition(
    "academies.rectification-end", "因等次改变撤销整改事项",
    frozenset({STATES.DEMANDED, STATES.PROVED}), STATES.DROPPED, STAFF,
)  # fmt: skip
STRIKE_OFF = Transition(
    "academies.rectification-close",
    "复核销号",
    frozenset({STATES.PROVED}),
    STATES.CLOSED,
    EVALUATORS,
)
SEND_BACK = Transition(
    "academies.rectification-return",
    "退回整改",
    frozenset({STATES.PROVED}),
    STATES.DEMANDED,
    EVALUATORS,
)


@permission
def may_demand(user: User, evaluation: Evaluation) -> DomainError | None:
    """Say what is to be put right, while the evaluation is open."""
    if refusal := may_evaluate.why_not(user, evaluation.academy):
        return refusal
    if evaluation.is_open:
        return None
    message = f"“{evaluation}”不是整改未完成的不合格评价，不能提出整改事项"
    return DomainError("evaluation-not-open", message)


@permission
def may_demand_after_audit(user: User, academy: Academy) -> DomainError | None:
    """Have put right what an audit found: those who audit for the union above the academy."""
    if holds_role(user, {Role.AUDITOR}, academy.supervising_union.path):
        return None
    message = f"对“{academy.name}”的审计整改，由主管工会或其上级的经审人员下达"
    return DomainError("role-required", message)


@permission
def may_prove(user: User, item: Rectification) -> DomainError | None:
    """Say how an item was put right: the academy's people, or the union that answers for it."""
    if refusal := may_keep.why_not(user, item.whose):
        return refusal
    return PROVE.why_not(user, item, keeping_body(user, item.whose))


@permission
def may_prove_some(user: User) -> DomainError | None:
    """Say of anything at all how it was put right; of what, ``may_prove`` says."""
    if holds_role_anywhere(user, KEEPERS):
        return None
    return DomainError("role-required", "整改情况由学院管理员或主管工会的经办人填报")


@permission
def may_recheck(user: User, item: Rectification) -> DomainError | None:
    """Look at an item again: for the city union, by nobody who proved, demanded or evaluated."""
    academy = item.whose
    if refusal := may_evaluate.why_not(user, academy):
        return refusal
    if refusal := STRIKE_OFF.why_not(user, item, academy.supervising_union):
        return refusal
    if user.pk in item.hands:
        message = "复核销号须由提出人、填报人、评定人和异议答复人以外的另一人办理"
        return DomainError("rechecker-had-a-hand", message)
    return None


def keeping_body(user: User, academy: Academy) -> Organization:
    """In whose name this account acts for the academy: its own body, or the union's."""
    is_ours = answers_for(user, academy.organization)
    return academy.organization if is_ours else academy.supervising_union


Filed = Review.State
SELF_ASSESS = Transition(
    "academies.review-file", "报送自评", frozenset({Filed.DRAFT}), Filed.FILED, KEEPERS
)
ENDORSE = Transition(
    "academies.review-endorse", "初审", frozenset({Filed.FILED}), Filed.ENDORSED, STAFF
)
GIVE_BACK = Transition(
    "academies.review-return", "退回自评", frozenset({Filed.FILED, Filed.ENDORSED}), Filed.DRAFT,
    STAFF,
)  # fmt: skip
GRADE = Transition(
    "academies.review-grade", "评定等次", frozenset({Filed.ENDORSED}), Filed.GRADED,
    frozenset({Role.APPROVER}),
)  # fmt: skip


@permission
def may_open_campaign(user: User, union: Organization | None = None) -> DomainError | None:
    """Begin a year's evaluation (of ``union``, or of any)."""
    bodies = evaluating_bodies(user)
    if user.is_system or (bodies and (union is None or union in bodies)):
        return None
    return DomainError("role-required", _EVALUATED_ABOVE)


@permission
def may_self_assess(user: User, review: Review) -> DomainError | None:
    """Say how the academy sees its own year."""
    if refusal := may_keep.why_not(user, review.academy):
        return refusal
    if refusal := SELF_ASSESS.why_not(user, review, keeping_body(user, review.academy)):
        return refusal
    if review.is_overdue:
        message = (
            f"自评期限为{review.self_due_on}，现已逾期；确有原因的，请主管工会写明事由准予延期"
        )
        return DomainError("self-assessment-late", message)
    return None


@permission
def may_extend(user: User, review: Review) -> DomainError | None:
    """Let the academy file later, or anew later, as an exception with a day and a reason."""
    if not holds_role(user, STAFF, review.academy.supervising_union.path):
        return DomainError("role-required", "延期自评由主管工会的经办人、审批人准予")
    if review.state != Filed.DRAFT:
        return DomainError("self-assessment-filed", "自评已经报送，不需要延期")
    return None


@permission
def may_endorse(user: User, review: Review) -> DomainError | None:
    """Give the opinion of the union that answers for the academy; call those who were drawn."""
    if refusal := ENDORSE.why_not(user, review, review.academy.supervising_union):
        return refusal
    if user.pk == review.filed_by_id:
        return DomainError("assessor-cannot-endorse", "初审须由自评人以外的人办理")
    return None


@permission
def may_give_back(user: User, review: Review) -> DomainError | None:
    """Return the self-assessment, also after the opinion: rows may have changed since it was filed."""
    if refusal := GIVE_BACK.why_not(user, review, review.academy.supervising_union):
        return refusal
    if user.pk == review.filed_by_id:
        return DomainError("assessor-cannot-endorse", "自评须由自评人以外的人退回")
    return None


@permission
def may_read_all_marks(user: User) -> DomainError | None:
    """See what every expert gave, and the calls; an expert sees his own marks alone."""
    if holds_role_anywhere(user, STAFF_AND_OVERSIGHT):
        return None
    return DomainError("role-required", "专家只看到自己的评分")


@permission
def may_mark(user: User, review: Review) -> DomainError | None:
    """Give marks as an expert, once the union has given its opinion."""
    if not holds_role(user, {Role.EXPERT}, review.academy.supervising_union.path):
        return DomainError("role-required", "评分由评审专家办理")
    if review.state != Filed.ENDORSED:
        return DomainError("review-not-endorsed", "初审通过、尚未评定的评价件才能评分")
    if user.pk in (review.filed_by_id, review.endorsed_by_id):
        return DomainError("marker-had-a-hand", "评分须由自评人、初审人以外的专家办理")
    return None


@permission
def may_grade(user: User, review: Review) -> DomainError | None:
    """Decide the grade, for the city union: by nobody who had a hand in the file."""
    if refusal := may_evaluate.why_not(user, review.academy):
        return refusal
    if refusal := GRADE.why_not(user, review, review.academy.supervising_union):
        return refusal
    if user.pk in (review.filed_by_id, review.endorsed_by_id):
        return DomainError("grader-had-a-hand", "评定须由自评人、初审人以外的人办理")
    if review.marks.filter(expert=user).exists():
        return DomainError("marker-cannot-grade", "您已为该学院评分，等次须由没有评分的人评定")
    return None


@permission
def may_decide_lifting(user: User, review: Review) -> DomainError | None:
    """Agree to a better grade than proposed, or not: another one who may grade than who would give it."""
    if refusal := may_drop_lifting.why_not(user, review):
        return refusal
    if user.pk == review.lifted_by_id:
        message = "高于建议的等次由您提出，须由另一位审批人复核"
        return DomainError("lifter-cannot-agree", message)
    return None


@permission
def may_drop_lifting(user: User, review: Review) -> DomainError | None:
    """Leave it at what was proposed: whoever may grade, who would give a better one as well."""
    if refusal := may_grade.why_not(user, review):
        return refusal
    if not review.lifted_to:
        return DomainError("no-lifting-waits", "没有待复核的高于建议的等次")
    return None


@permission
def may_object(user: User, review: Review) -> DomainError | None:
    """Object to the grade, once, within the days that the policy gives for it."""
    if refusal := may_keep.why_not(user, review.academy):
        return refusal
    graded = review.evaluation
    if review.state != Filed.GRADED or graded is None or review.objection:
        return DomainError("no-grade-to-object-to", "没有可以提出异议的评定，或者已经提出")
    last = objection_until(graded.evaluated_on)
    if last is not None and timezone.localdate() > last:
        message = f"等次于{graded.evaluated_on}评定，异议须在{last}以前（含当日）提出，现已逾期"
        raised = f"{message}；确有错误的，请向市总工会书面反映"
        return DomainError("grade-objection-late", raised)
    return None


@permission
def may_answer(user: User, review: Review) -> DomainError | None:
    """Answer an objection: for the city union, by another one than who graded."""
    if refusal := may_evaluate.why_not(user, review.academy):
        return refusal
    if not review.objection or review.answer:
        return DomainError("no-objection", "没有待答复的异议")
    if user.pk == review.graded_by_id:
        return DomainError("grader-cannot-answer", "异议须由评定人以外的人答复")
    if user.pk == review.lifted_by_id:
        message = "高于建议的等次由您提出，异议须由另一人答复"
        return DomainError("lifter-cannot-answer", message)
    evaluation = review.evaluation
    if evaluation is not None and evaluation.items.filter(checked_by=user).exists():
        return DomainError("rechecker-cannot-answer", "异议须由复核整改的人以外的人答复")
    return None


@permission
def may_agree_to_regrading(user: User, review: Review) -> DomainError | None:
    """Answer as another one proposed to change the grade: one of the two is an approver."""
    if refusal := may_answer.why_not(user, review):
        return refusal
    if user.pk == review.regrade_by_id:
        message = "改变等次由您提出，须由另一人复核；您可以答复维持原等次"
        return DomainError("regrader-cannot-agree", message)
    evaluation = review.evaluation
    if evaluation is not None and evaluation.items.filter(demanded_by=user).exists():
        message = "整改事项由您提出，因异议改变等次须由另一人复核"
        return DomainError("demander-cannot-agree", message)
    path, approver = review.academy.supervising_union.path, frozenset({Role.APPROVER})
    if not any(who and holds_role(who, approver, path) for who in (user, review.regrade_by)):
        return DomainError("role-required", "改变等次的答复，提出人和复核人中须有一位审批人")
    return None
