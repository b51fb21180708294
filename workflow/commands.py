"""What the commands of every app share: refusals as one sentence, files in, reports out."""

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


import errno
import json
import os
from pathlib import Path

from workflow.refusals import DomainError

#: Why a file cannot be read or written, for those who do not read the system's English.
REASONS = {
    errno.ENOENT: "没有这个文件或目录",
    errno.EISDIR: "这是一个目录，不是文件",
    errno.ENOTDIR: "上一级不是目录",
    errno.EACCES: "没有读写权限",
    errno.EPERM: "没有读写权限",
    errno.EROFS: "所在的磁盘是只读的",
    errno.ENOSPC: "磁盘已满",
}


def reason_of(error: OSError) -> str:
    """``error`` in Chinese."""
    return REASONS.get(error.errno or 0) or str(error.strerror or error)


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


class RefusingCommand(ChineseCommand):
    """A command whose refusals are one sentence and exit code 1, never a traceback.

    Where a report was asked for (``--json``), it holds code and message of the refusal.
    """

    def execute(self, *args: Any, **options: Any) -> Any:
        try:
            return super().execute(*args, **options)
        except DomainError as refusal:
            told = {"code": refusal.code, "message": refusal.message}
            self.write_json(options.get("json", ""), told)
            words = refusal.message + (f"（依据：{refusal.citation}）" if refusal.citation else "")
            raise CommandError(f"{words}〔{refusal.code}〕") from refusal

    @staticmethod
    def content_of(file: str) -> bytes:
        """The bytes of a file named on the command line."""
        try:
            return Path(file).read_bytes()
        except OSError as error:
            raise CommandError(f"无法读取文件“{file}”：{reason_of(error)}") from error

    @staticmethod
    def check_places(*places: str) -> None:
        """Refuse reports that could not be written before anything is done, not after."""
        for place in filter(None, places):
            path = Path(place)
            if path.is_dir():
                fault = errno.EISDIR
            elif not path.parent.is_dir():
                fault = errno.ENOENT
            elif not os.access(path if path.exists() else path.parent, os.W_OK):
                fault = errno.EACCES
            else:
                continue
            raise CommandError(f"无法写入 {place}：{REASONS[fault]}")

    @staticmethod
    def write(place: str, content: bytes) -> None:
        """Write a report where an option says; nothing if it says nothing."""
        if place:
            try:
                Path(place).write_bytes(content)
            except OSError as error:
                raise CommandError(f"无法写入 {place}：{reason_of(error)}") from error

    def write_json(self, place: str, report: dict[str, Any] | list[Any]) -> None:
        if not place:
            return
        text = json.dumps(report, ensure_ascii=False, indent=2)
        self.write(place, f"{text}\n".encode())
