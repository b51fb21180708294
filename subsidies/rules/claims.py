"""What may be claimed: each kind of claim declared once, and the policy it is judged and paid by.

A kind says on which rows it rests (``rests_on``), whose policy gives sum and conditions, what counts
as drawn once (``matter``), and how long after the day of the certificate it may be filed. Pages,
filing, approval and payment are the same for all of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from competitions.models import BoardLine
from competitions.rules.career import why_not as why_place_does_not_count
from competitions.rules.career import why_too_low
from competitions.rules.places import stands_of
from policies.facts import facts_about
from policies.library.editions import edition_in_force, policy_by_digest
from policies.rules.criteria import evaluation
from policies.rules.findings import findings
from subsidies.facts import CLAIM
from subsidies.models import Claim
from subsidies.models.funds import Line
from talents.models import BoostYear, Certificate, Honour
from talents.rules.boosting import AMOUNT as STUDIO_AMOUNT
from talents.rules.boosting import BoostRule
from talents.rules.cultivating import months_after
from workflow.refusals import DomainError
from workflow.texts.folding import fold_occupation, fold_trade

if TYPE_CHECKING:
    from collections.abc import Callable, Collection
    from datetime import date

    from django.db.models import Model

    from policies.library.policy import Amount, Policy
    from policies.models import PolicyEdition
    from policies.rules.findings import Finding

CITY_POLICY, BOOST_POLICY = "beijing-craftsman-selection-2024", "beijing-career-boost-2022"
WINDOW = "claim_window_months"
PERSONAL = "个人"


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimType:
    """One kind of claim. ``field`` is the column of ``Claim`` that names the row it rests on."""

    kind: str
    line: str
    policy: str
    rests_on: type[Model]
    field: str = "honour"
    #: Which amount of the policy a row draws.
    draws: Callable[[Amount, Any], bool]
    #: What is drawn for once: a code that two claims for the same share.
    matter: Callable[[Any], str]
    #: What of the row the claim keeps as it stands at filing.
    kept: Callable[[Any], dict[str, Any]]
    #: The tier whose criteria it has to meet; empty where the row itself is the proof.
    tier: str = ""
    #: Whether the union above the unit has to look into it.
    looked_into: bool = False
    #: What of the row itself speaks against it.
    why_not: Callable[[Policy, Any], DomainError | None] = lambda policy, row: None
    #: Whether it follows from the register, so that nobody has to ask.
    raised: bool = False

    @property
    def label(self) -> str:
        return Claim.Kind(self.kind).label

    def edition_on(self, day: date) -> PolicyEdition:
        return edition_in_force(self.policy, day)

    def amount_of(self, policy: Policy, row: Any) -> Amount | None:
        """What the policy gives for ``row``; None for what it gives nothing for."""
        return next((a for a in policy.amounts if not a.cap and self.draws(a, row)), None)


#: The title as people know it; its ladder is the one of the selection policy.
AWARD = ClaimType(
    kind=Claim.Kind.AWARD,
    line=Line.AWARD,
    policy=CITY_POLICY,
    rests_on=Honour,
    field="honour",
    draws=lambda amount, row: (
        amount.payee == PERSONAL and row.scheme == CITY_POLICY and amount.level == row.tier
    ),
    matter=lambda row: f"{row.scheme}:{row.tier}",
    kept=lambda row: {
        "title": f"{row.title}奖励",
        "certificate_number": row.certificate_number,
        "trade": row.trade,
        "issued_on": row.named_on,
    },
    raised=True,
)
BOOST = ClaimType(
    kind=Claim.Kind.BOOST,
    line=Line.BOOST,
    policy=BOOST_POLICY,
    rests_on=Certificate,
    field="certificate",
    draws=lambda amount, row: amount.code == f"level_{row.level}",
    matter=lambda row: f"{fold_occupation(row.occupation)}:{row.level}",
    kept=lambda row: {
        "title": f"{row.occupation}{row.get_level_display()}助推资助",
        "certificate_number": row.number,
        "trade": fold_trade(row.occupation),
        "level": row.level,
    },
    tier="boost",
    looked_into=True,
)


def why_place_is_not_claimed(policy: Policy, line: BoardLine) -> DomainError | None:
    """Why nothing is claimed for a place yet, or at all: of a settled board, by its newest edition."""
    stand = stands_of([line])[line.pk]
    refusal = stand.refusal
    if refusal is None and line.pk != stand.line.pk:
        message = "该名次出自旧版成绩榜，请按最新一版的名次申领"
        refusal = DomainError("place-not-standing", message)
    return refusal or why_place_does_not_count(policy, line)


#: Instead of a certificate: a place in a contest that gives none.
PLACE = ClaimType(
    kind=Claim.Kind.BOOST,
    line=Line.BOOST,
    policy=BOOST_POLICY,
    rests_on=BoardLine,
    field="place",
    draws=lambda amount, row: amount.code == "contest",
    matter=lambda row: f"contest:{row.board.item.code}",
    kept=lambda row: {
        "title": f"{row.board.item}{row.board.item.get_stage_display()}第{row.rank}名助推资助",
        "certificate_number": f"成绩榜{row.board_id}-{row.entry_id}",
    },
    tier="boost",
    looked_into=True,
    why_not=why_place_is_not_claimed,
)


def title_of_year(row: BoostYear) -> Honour | None:
    """The title in force that a boosted year rests on."""
    rule = BoostRule.current()
    return rule.title_of(row.person) if rule else None


def _of_year(row: BoostYear) -> dict[str, Any]:
    """The title it rests on, and the unit that keeps the studio's money apart."""
    title = title_of_year(row)
    if title is None:
        raise DomainError(
            "claim-without-title", f"{row.person}的称号已撤销或正在复核，不能提出助推资金"
        )
    return {
        "honour": title,
        "organization": row.project.studio.organization,
        "title": f"“{row.project.title[:60]}”{row.year}年助推资金",
        "certificate_number": f"{title.certificate_number}-{row.year}"[-40:],
        "trade": title.trade,
        "issued_on": row.decided_on,
    }


#: One year of a studio's project, once its review was passed; paid to the unit.
STUDIO = ClaimType(
    kind=Claim.Kind.STUDIO,
    line=Line.STUDIO,
    policy=CITY_POLICY,
    rests_on=BoostYear,
    draws=lambda amount, row: amount.code == STUDIO_AMOUNT,
    matter=lambda row: f"{STUDIO_AMOUNT}:{row.year}",
    kept=_of_year,
    raised=True,
)
TYPES = (AWARD, BOOST, PLACE, STUDIO)
#: Kinds that nobody has to ask for.
RAISED = [each.kind for each in TYPES if each.raised]


def type_of(claim: Claim) -> ClaimType:
    """The kind of a claim, told by the row it rests on."""
    return next(
        each
        for each in TYPES
        if each.kind == claim.kind and getattr(claim, f"{each.field}_id") is not None
    )


def standing(claim: Claim, day: date) -> tuple[Finding, ...]:
    """Every criterion that the claim is held against, and what it says of it; none for a title."""
    declared = type_of(claim)
    if not declared.tier:
        return ()
    policy = policy_by_digest(claim.edition.digest)
    judged = evaluation(policy, declared.tier, facts_about(CLAIM), on=day)
    verdict = judged.judge(Claim.objects.filter(pk=claim.pk), claim.pk)
    return findings(judged, verdict) if verdict else ()


def refusals_of_grounds(claims: Collection[Claim]) -> dict[int, DomainError]:
    """Of claims those whose place is in question or gone by now, or whose certificate says otherwise or nothing
    any more, with why; asked for all at once.
    """
    placed = {one.pk: one for one in claims if one.place_id is not None}
    rows = BoardLine.objects.filter(pk__in=[one.place_id for one in placed.values()])
    rows = rows.select_related("entry__person", "board__item__competition__edition")
    stands = stands_of(list(rows))
    told = {}
    for pk, claim in placed.items():
        stand = stands[claim.place_id or 0]
        policy = policy_by_digest(claim.edition.digest)
        refusal = stand.refusal or why_too_low(policy, stand.line, goes_on=stand.goes_on)
        if refusal:
            told[pk] = refusal
    return told | _of_certificates([one for one in claims if one.certificate_id is not None])


def _of_certificates(claims: list[Claim]) -> dict[int, DomainError]:
    """A certificate that was taken back, or put right, stays on file and says another level than was claimed for."""
    levels = dict(Certificate.objects.filter(claims__in=claims).values_list("pk", "level"))
    return {
        one.pk: DomainError(
            "certificate-recalled",
            f"据以申领的证书{one.certificate_number}已收回或更正，与申领的等级不符，不能发放",
        )
        for one in claims
        if levels[one.certificate_id or 0] != one.level
    }


def unless_ground_stands(claim: Claim) -> DomainError | None:
    """Why a claim for a place or a certificate does not go on now; None for every other claim."""
    return refusals_of_grounds([claim]).get(claim.pk)


def check_met(claim: Claim, day: date) -> None:
    """Refuse a claim that a condition of the policy speaks against."""
    for finding in standing(claim, day):
        if finding.is_open and finding.met is False:
            words = f"不能申领：{finding.criterion.title}——{finding.sentence}"
            raise DomainError("claim-not-eligible", words, citation=f"《{finding.words}》")


def check_window(policy: Policy, issued_on: date, day: date) -> None:
    """Refuse a claim that comes too early or too late after its certificate."""
    if issued_on > day:
        raise DomainError("claim-before-certificate", "发证日期在今天以后，请核对后填写")
    window = policy.parameter(WINDOW)
    if window is None or window.number is None:
        return
    last = months_after(issued_on, int(window.number))
    if day > last:
        message = (
            f"证书{issued_on:%Y年%m月%d日}发出，须在{int(window.number)}个月内（{last:%Y年%m月%d日}以前）"
            "申领，现已逾期"
        )
        raise DomainError("claim-too-late", message, citation=window.title)


def sum_of(declared: ClaimType, policy: Policy, row: Any) -> Amount:
    """What the policy gives for ``row``, or why nothing can be claimed yet."""
    if refusal := declared.why_not(policy, row):
        raise refusal
    amount = declared.amount_of(policy, row)
    if amount is None:
        message = f"《{policy.title}》没有为此规定{declared.label}，不能申领"
        raise DomainError("claim-not-provided-for", message)
    if amount.yuan is None:
        message = (
            f"《{policy.title}》“{amount.title}”的金额未见公开，须按当年文件发布新版次后才能申领"
        )
        raise DomainError("claim-amount-unknown", message)
    return amount
