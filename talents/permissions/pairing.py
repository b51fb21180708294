"""Who agrees to a pair, as which party, and who writes and confirms what the two did."""

from __future__ import annotations

from typing import TYPE_CHECKING

from organizations.scoping import holds_role
from talents.models import Mentorship, PairConsent
from talents.permissions import FILERS
from workflow.permissions import permission
from workflow.refusals import DomainError

if TYPE_CHECKING:
    from organizations.models import User
    from talents.models import PairLog, Person

Party, State = PairConsent.Party, Mentorship.State


def party_of(user: User, pair: Mentorship) -> str:
    """As which of the two somebody is in the pair in person; "" for neither."""
    for party, person in ((Party.MASTER, pair.master), (Party.APPRENTICE, pair.apprentice)):
        if _is(user, person):
            return party.value
    return ""


def _is(user: User, person: Person) -> bool:
    own = user.owner_digest
    return own is not None and bytes(own) == bytes(person.identity_digest)


def _is_agreed(pair: Mentorship, party: str) -> bool:
    return pair.consents.filter(party=party).exists()


@permission
def may_consent(user: User, pair: Mentorship) -> DomainError | None:
    """Agree in person, as the master or the apprentice."""
    party = party_of(user, pair)
    if not party:
        return DomainError("not-of-the-pair", "只有师傅和徒弟本人可以各自确认协议")
    if pair.state != State.DRAFT:
        return DomainError("pair-not-draft", f"该协议{pair.get_state_display()}，不再确认")
    if _is_agreed(pair, party):
        return DomainError("already-consented", "您已确认过这份协议")
    return None


@permission
def may_consent_for_unit(user: User, pair: Mentorship) -> DomainError | None:
    """Agree as the unit: a filer of it who is neither of the two."""
    if not holds_role(user, FILERS, pair.organization.path):
        message = f"“{pair.organization}”的确认由该单位或其主管工会的经办人办理"
        return DomainError("role-required", message)
    if party_of(user, pair):
        return DomainError("party-cannot-be-unit", "您是协议的一方，单位的确认须由其他人办理")
    if pair.state != State.DRAFT:
        return DomainError("pair-not-draft", f"该协议{pair.get_state_display()}，不再确认")
    if pair.consents.count() == len(Party):
        return DomainError("already-consented", "三方都已确认，待主管工会备案")
    return None


@permission
def may_log(user: User, pair: Mentorship) -> DomainError | None:
    """Write a day of teaching: one of the two, or the unit for them."""
    if pair.state != State.AGREED:
        message = f"该协议{pair.get_state_display()}，备案后、出师前才记带教日志"
        return DomainError("pair-not-agreed", message)
    if party_of(user, pair) or holds_role(user, FILERS, pair.organization.path):
        return None
    return DomainError("role-required", "带教日志由师傅、徒弟或所在单位记录")


@permission
def may_confirm_log(user: User, log: PairLog) -> DomainError | None:
    """Say that it was so: master and apprentice, each once."""
    party = party_of(user, log.mentorship)
    if not party:
        return DomainError("not-of-the-pair", "带教日志由师傅和徒弟各自确认")
    if getattr(log, f"{party}_by_id") is not None:
        return DomainError("log-confirmed", "您已确认过这一条")
    return None


def unless_all_agree(pair: Mentorship) -> DomainError | None:
    """Why a pair cannot be taken on file yet: a party has not agreed."""
    there = set(pair.consents.values_list("party", flat=True))
    missing = [str(party.label) for party in Party if party.value not in there]
    if missing:
        message = f"协议须师傅、徒弟、单位三方各自确认，还缺{'、'.join(missing)}的确认"
        return DomainError("pair-not-consented", message)
    return None
