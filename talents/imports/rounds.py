"""A selection round as the subject of an import."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from django.urls import reverse

from intake.kinds import NoSuchSubjectError, Option, Subject
from organizations.scoping import outermost_bodies
from talents.models import SelectionRound
from talents.permissions import (
    IMPORTERS,
    may_file,
    may_file_in,
    may_import_for_all,
    may_import_some,
)
from talents.services.referrals import check_tries
from workflow.records import subject_of
from workflow.refusals import DomainError

if TYPE_CHECKING:
    from collections.abc import Collection

    from organizations.models import Organization, User


class RoundSubject(Subject):
    """The round that candidates are filed for."""

    options = (Option("round", "轮次编码", "如 BJ-2026"),)

    def __init__(self, selection: SelectionRound) -> None:
        self.round = selection
        self.title = selection.name
        rounds = ("选树轮次", reverse("talents:rounds"))
        self.trail = (rounds, (selection.name, reverse("talents:round", args=[selection.code])))

    @classmethod
    def found(cls, user: User, **key: Any) -> Self:
        rows = SelectionRound.objects.visible_to(user).select_related("organizer")
        selection = rows.filter(code=key["round"]).first()
        if selection is None:
            message = f"没有编码为 {key['round']} 的轮次，请核对编码或先用 create_round 开设"
            raise NoSuchSubjectError(message)
        return cls(selection)

    @classmethod
    def stored(cls, text: str) -> Self | None:
        rows = SelectionRound.objects.select_related("organizer", "edition")
        selection = rows.filter(pk=int(text.rpartition(":")[2])).first()
        return cls(selection) if selection else None

    @classmethod
    def names(cls, texts: Collection[str]) -> dict[str, str]:
        wanted = {int(text.rpartition(":")[2]): text for text in texts}
        names = SelectionRound.objects.filter(pk__in=wanted).values_list("pk", "name")
        return {wanted[pk]: name for pk, name in names}

    @property
    def text(self) -> str:
        return subject_of(self.round)

    def bodies(self, user: User) -> list[Organization]:
        """The organizer itself, or the bodies below it that this account serves."""
        organizer = self.round.organizer
        if may_import_for_all(user, organizer):
            return [organizer]
        may_import_some.check(user, self.round)
        bodies = outermost_bodies(user, IMPORTERS, within=organizer.path)
        if not bodies:
            message = f"您所在的组织不在“{organizer}”范围内，不能为本轮次导入汇总表"
            raise DomainError("unit-outside-round", message)
        return bodies

    def check_open(self, actor: User, organization: Organization | None = None) -> None:
        check_tries(actor)
        if organization is not None:
            may_file.check(actor, self.round, organization)
        else:
            may_file_in.check(actor, self.round)
