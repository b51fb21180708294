"""Nobody decides about what concerns themselves, whatever roles their account holds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from talents.models import Nomination, SelectionRound
from talents.models.withheld import own_digests
from workflow.refusals import DomainError

if TYPE_CHECKING:
    from organizations.models import User
    from talents.models import Person


def unless_own_affair(user: User, *concerned: Person) -> DomainError | None:
    """Why ``user`` has no say: they are one of those concerned. A person has one account, whatever its roles."""
    own = bytes(user.owner_digest or b"")
    if own and own in {bytes(person.identity_digest) for person in concerned}:
        return DomainError("own-affair", "该事项的当事人是您本人，须由他人办理")
    return None


def unless_near_oneself(user: User, nomination: Nomination) -> DomainError | None:
    """Why ``user`` neither acts nor learns what is withheld: they are the candidate, or stand in for them."""
    if bytes(nomination.person.identity_digest) in own_digests(user):
        message = "该推荐的人选是您本人或与您有代理关系的人，须由他人办理"
        return DomainError("own-nomination", message)
    return None


def unless_candidate_in(user: User, selection: SelectionRound) -> DomainError | None:
    """Why ``user`` has no hand in what all candidates of a round are measured by: they are one of them."""
    own = user.owner_digest
    if own and selection.nominations.filter(person__identity_digest=own).exists():
        message = f"您本人是“{selection.name}”的推荐人选，本轮次的评审和名额须由他人办理"
        return DomainError("own-nomination", message)
    return None


def candidate_rounds_of(user: User) -> list[str]:
    """The rounds that ``user``, or whom they stand in for, is a candidate of, as imports name their subject."""
    if not (own := own_digests(user)):
        return []
    rounds = Nomination.objects.filter(person__identity_digest__in=own).values_list(
        "round", flat=True
    )
    return [
        f"{SelectionRound._meta.label_lower}:{pk}" for pk in rounds.order_by("round").distinct()
    ]
