"""``manage.py enrol_administrators``: the first three administrators of an empty house."""

import secrets
import sys
from getpass import getpass
from typing import Any

from django.core.management.base import CommandError

from accounts.services import enrolment
from accounts.services.enrolment import Enrolled
from organizations.models import Organization
from organizations.validity import in_force
from workflow.commands import RefusingCommand
from workflow.refusals import DomainError

TRIES = 3
BYTES_OF_PASSWORD = 15


class Command(RefusingCommand):
    help = (
        "设立首批三员：系统管理员、安全管理员、审计管理员，须为三个不同的人。"
        "只在没有任何在任三员时可用；此后由系统管理员开立账号、安全管理员授权。"
        "密码在终端逐个输入；加 --generate 则随机生成初始密码，只显示这一次"
    )

    def add_arguments(self, parser: Any) -> None:
        super().add_arguments(parser)
        for option, role in (("system", "系统"), ("security", "安全"), ("audit", "审计")):
            parser.add_argument(
                f"--{option}",
                nargs=2,
                metavar=("账号", "姓名"),
                required=True,
                help=f"{role}管理员的账号和姓名",
            )
        parser.add_argument(
            "--organization",
            metavar="编码",
            default="",
            help="任职的组织（默认为最上级的组织，三员管辖它及其下级）",
        )
        parser.add_argument(
            "--generate",
            action="store_true",
            help="随机生成初始密码，只显示一次，本人登录后须先更改",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        actor = self.actor(options)
        if not actor.is_system:
            raise CommandError("首批三员由系统账号设立，请不要使用 --as")
        enrolment.check_vacant()
        organization = self._organization(options["organization"])
        named = [options[name] for name in ("system", "security", "audit")]
        people = [
            Enrolled(role, username, display_name, "")
            for role, (username, display_name) in zip(enrolment.POSTS, named, strict=True)
        ]
        enrolment.check_people(people)
        if not options["generate"] and not sys.stdin.isatty():
            raise CommandError("没有可以输入密码的终端；请在终端执行，或加 --generate 生成初始密码")
        drawn = options["generate"]
        secret = self._generated if drawn else self._prompted
        people = [p._replace(password=secret(p), is_own=not drawn) for p in people]
        enrolment.enrol_administrators(people, organization=organization, actor=actor)
        for person in people:
            shown = f"  初始密码 {person.password}" if options["generate"] else ""
            self.stdout.write(
                f"{person.role.label}  {person.username}  {person.display_name}{shown}"
            )
        if options["generate"]:
            self.stdout.write(
                "初始密码只显示这一次，请分别当面交给本人；本人登录后须先改成自己的密码"
            )
        self.stdout.write(f"三员已在“{organization.name}”设立；请三人登录后启用两步验证")

    @staticmethod
    def _organization(code: str) -> Organization:
        rows = Organization.objects.filter(in_force())
        found = rows.filter(code=code) if code else rows.filter(parent__isnull=True)
        bodies = list(found.order_by("path")[:2])
        if not bodies:
            fault = f"没有编码为 {code} 的在用组织" if code else "还没有组织机构"
            raise CommandError(f"{fault}；请先执行 manage.py import_organizations 导入")
        if len(bodies) > 1:
            raise CommandError("最上级的组织不止一个，请用 --organization 指明三员任职的组织")
        return bodies[0]

    @staticmethod
    def _generated(person: Enrolled) -> str:
        return secrets.token_urlsafe(BYTES_OF_PASSWORD)

    def _prompted(self, person: Enrolled) -> str:
        """Typed twice, unseen; asked again while it is weak or differs."""
        who = f"{person.role.label} {person.username}"
        for _ in range(TRIES):
            given = getpass(f"{who} 的密码：")
            if given != getpass(f"{who} 的密码（再输一次）："):
                self.stderr.write("两次输入不同，请重新输入")
                continue
            try:
                enrolment.check_password(person._replace(password=given))
            except DomainError as refusal:
                self.stderr.write(refusal.message)
                continue
            return given
        raise CommandError(f"{who} 的密码{TRIES}次未能设定，没有设立任何账号")
