"""The command line as our users read it: help in Chinese, and an account in whose name it acts."""

from __future__ import annotations

from argparse import SUPPRESS
from typing import TYPE_CHECKING, Any

from django.core.management.base import (
    BaseCommand,
    CommandError,
    CommandParser,
    DjangoHelpFormatter,
)

from organizations.models import User

if TYPE_CHECKING:
    from collections.abc import Iterable


class ChineseHelp(DjangoHelpFormatter):
    """Django's help layout with a Chinese heading."""

    def add_usage(
        self, usage: str | None, actions: Iterable, groups: Iterable, prefix: str | None = None
    ) -> None:
        super().add_usage(usage, actions, groups, "用法：")


class ChineseCommand(BaseCommand):
    """A command for union staff. Django's own switches still work but are not listed."""

    suppressed_base_arguments = {
        "--version", "--verbosity", "--settings", "--pythonpath", "--traceback",
        "--no-color", "--force-color",
    }  # fmt: skip

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        parser = super().create_parser(
            prog_name, subcommand, formatter_class=ChineseHelp, add_help=False, **kwargs
        )
        for action in parser._actions:
            if "--skip-checks" in action.option_strings:  # Django adds it past the list above
                action.help = SUPPRESS
        parser._positionals.title, parser._optionals.title = "参数", "选项"
        parser.add_argument("-h", "--help", action="help", help="显示本说明后退出")
        parser.add_argument(
            "--as", dest="username", metavar="账号", help="以哪个账号的身份办理（默认为系统账号）"
        )
        return parser

    def execute(self, *args: Any, **options: Any) -> Any:
        """Refuse an account that does not exist, also where it would make no difference."""
        if options.get("username"):
            self.actor(options)
        return super().execute(*args, **options)

    @staticmethod
    def actor(options: dict[str, Any]) -> User:
        """The account the command acts as."""
        username = options.get("username")
        if not username:
            return User.objects.system()
        user = User.objects.filter(username=username, is_active=True).first()
        if user is None:
            raise CommandError(f"没有名为 {username} 的可用账号")
        return user
