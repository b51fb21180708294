"""What stands behind the craftsmen of the demo: results with their papers, goals, days both confirmed."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from organizations.models import Membership, User
from organizations.roles import Role
from portal.demo.cast import SINCE
from talents.models import SkillLevel
from talents.rules.patents import check_sign
from talents.services.actions import Told, enter_action
from talents.services.persons import keep_certificate
from talents.services.planning import assess_goal, set_goal
from talents.services.scans import Scan
from talents.workflow.pairing import confirm_log, write_log
from workflow.storage import vault

if TYPE_CHECKING:
    from talents.models import Cultivation, Mentorship, Person

PAPER = Scan(b"%PDF-1.4\n% paper of a result of the demo\n%%EOF\n", "成果证明.pdf")
#: Of each craftsman the first so many; the place in front of the number makes it another one each time.
RESULTS = (
    ("patent", "utility", "一种快换工装夹具", date(2024, 5, 14)),
    ("small", "renewal", "刀具对刀方法小革新", date(2025, 3, 20)),
    ("four", "tackling", "关键工序一次合格率攻关", date(2024, 11, 8)),
)
#: What a plan aims at: kind, goal, how it is shown, how many days before the end, what came of it.
AIMS = (
    ("passing", "带徒两人", "徒弟取得高级工", 30, None),
    ("innovation", "申请专利一件", "专利受理通知书", 365, ("met", "申请实用新型专利一件，已受理")),
    ("course", "完成工匠研修班", "结业证书", 400, ("partly", "完成两个单元，第三单元待开班")),
)


def results_of(person: Person, place: int) -> None:
    """Register what this person made, with its paper; later places have fewer of them."""
    identity = vault.decrypt(person.identity_cipher).decode()
    for at, (kind, sort, told, held_on) in enumerate(RESULTS[: len(RESULTS) - place % 3]):
        number = f"京工成〔{held_on.year}〕{place + 1}号"
        if kind == "patent":
            digits = f"{held_on.year}2{1000100 + place * 10 + at}"
            number = f"{digits}{check_sign(digits)}"
        enter_action(
            Told(kind, sort, told, held_on, number, PAPER),
            organization_id=person.organization_id,
            identity=identity,
            person={"name": person.name},
            actor=User.objects.system(),
        )


def aims_of(row: Cultivation) -> None:
    """Goals of a plan that goes on, and what was reached of those whose day has come."""
    system = User.objects.system()
    for kind, goal, shown_by, before, outcome in AIMS:
        facts = {"kind": kind, "goal": goal, "shown_by": shown_by}
        due_on = row.ends_on - timedelta(days=before)
        made = set_goal(row.pk, facts | {"due_on": due_on}, actor=system)
        if outcome:
            assess_goal(made.pk, outcome=outcome[0], reached=outcome[1], actor=system)


def taught(pair: Mentorship, held_on: date, words: str) -> None:
    """A day of teaching that the master wrote down and the apprentice confirmed."""
    log = write_log(pair.pk, held_on=held_on, words=words, actor=_account_of(pair.master))
    confirm_log(log.pk, actor=_account_of(pair.apprentice))


def attained(person: Person, occupation: str) -> str:
    """A certificate issued in 2025 of the first level from 高级工 up that the person had not; which, if any."""
    held = set(person.certificates.values_list("level", flat=True))
    above = SkillLevel.values[SkillLevel.values.index(SkillLevel.SENIOR) :]
    for at, level in enumerate(above[:3]):
        if not held & set(above[at:]):
            keep_certificate(person, f"Y00001101000125{level}000077", occupation=occupation)
            return level
    return ""


def _account_of(person: Person) -> User:
    """The person's own account; nobody signs in with one that is made here."""
    digest = bytes(person.identity_digest)
    user, is_new = User.objects.get_or_create(
        owner_digest=digest,
        defaults={"username": f"zhigong{person.pk}", "display_name": person.name},
    )
    if is_new:
        user.set_unusable_password()
        user.save(update_fields=["password"])
        Membership.objects.create(
            user=user,
            organization=person.organization,
            role=Role.CRAFTSMAN,
            valid_from=SINCE,
        )
    return user
