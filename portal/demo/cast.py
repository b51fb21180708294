"""The people of the demo: one account per role. The same names stand in docs and screenshots."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from organizations.models import Membership, Organization, User
from organizations.roles import Role
from portal.demo.workbook import check_character, number_of
from workflow.storage import vault

#: For the demo only; the command refuses to run where accounts are real.
PASSWORD = "jiangjie-demo-2026"  # noqa: S105
SINCE = date(2024, 1, 1)


@dataclass(frozen=True, slots=True)
class Member:
    """One account of the cast, with the role it shows."""

    username: str
    name: str
    role: Role
    organization: str


CAST = (
    Member("shizong", "李敏", Role.HANDLER, "BJ"),
    Member("shenpi", "王建华", Role.APPROVER, "BJ"),
    Member("daxing", "赵晓燕", Role.HANDLER, "BJ-110115"),
    Member("shougang", "孙立军", Role.HANDLER, "BJ-G01"),
    Member("jingbei", "陈思雨", Role.NOMINATOR, "U05"),
    Member("xinpian", "周海涛", Role.NOMINATOR, "U09"),
    Member("xueyuan", "刘国庆", Role.ACADEMY_MANAGER, "U01"),
    Member("zhuanjia", "吴志远", Role.EXPERT, "BJ"),
    Member("caipan", "郑卫东", Role.JUDGE, "BJ"),
    Member("caipan2", "冯立新", Role.JUDGE, "BJ"),
    Member("caipan3", "许文静", Role.JUDGE, "BJ"),
    Member("caiwu", "何丽", Role.FINANCE, "BJ"),
    Member("jingshen", "马春梅", Role.AUDITOR, "BJ"),
    Member("xitong", "高强", Role.SYSTEM_ADMIN, "BJ"),
    Member("anquan", "林芳", Role.SECURITY_ADMIN, "BJ"),
    Member("shenji", "郭宁", Role.AUDIT_ADMIN, "BJ"),
    Member("fuhe", "许静", Role.FINANCE, "BJ"),
    Member("fushen", "唐蕾", Role.AUDITOR, "BJ"),
    Member("gongjiang", "赵兰梅", Role.CRAFTSMAN, "U05"),
    Member("zhongcai", "方明", Role.APPROVER, "BJ"),
    Member("zhongcai2", "潘悦", Role.HANDLER, "BJ"),
    Member("yantai", "曲晓峰", Role.HANDLER, "YT"),
    Member("zhuanjia2", "钟国栋", Role.EXPERT, "BJ"),
    Member("zhuanjia3", "沈丽华", Role.EXPERT, "BJ"),
    Member("zhuanjia4", "范永康", Role.EXPERT, "BJ"),
    Member("zhuanjia5", "邵文静", Role.EXPERT, "BJ"),
    Member("zhuanjia6", "任海波", Role.EXPERT, "BJ"),
    Member("zhuanjia7", "贺晓东", Role.EXPERT, "BJ"),
    Member("zhuanjia8", "康建民", Role.EXPERT, "BJ"),
    Member("zhoucheng", "于海波", Role.NOMINATOR, "Y04"),
    Member("beixue", "韩志强", Role.ACADEMY_MANAGER, "U05"),
)


#: The craftsman is this line of the table of candidates.
CRAFTSMAN_LINE = 20


def _digest(serial: int, member: Member) -> bytes:
    """Whose account it is: a number of the unassigned county 110199, older than any candidate's;

    the craftsman's is that of a candidate.
    """
    if member.role == Role.CRAFTSMAN:
        return vault.digest(number_of(CRAFTSMAN_LINE))
    body = f"11019919550101{serial:03}"
    return vault.digest(body + check_character(body))


def enrol() -> int:
    """Make the accounts that are missing, with their roles, at bodies on file; returns how many were made."""
    made = 0
    bodies = {body.code: body for body in Organization.objects.all()}
    for serial, member in enumerate(CAST, start=1):
        if member.organization not in bodies:
            continue
        user, new = User.objects.get_or_create(
            username=member.username,
            defaults={"display_name": member.name, "owner_digest": _digest(serial, member)},
        )
        if not new:
            continue
        made += 1
        user.set_password(PASSWORD)
        user.save(update_fields=["password"])
        Membership.objects.create(
            user=user,
            organization=bodies[member.organization],
            role=member.role,
            valid_from=SINCE,
        )
    return made
