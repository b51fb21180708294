"""What the commands of every app share: refusals as one sentence, files in, reports out."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError

from organizations.commands import ChineseCommand
from workflow.errors import DomainError


class RefusingCommand(ChineseCommand):
    """A command whose refusals are one sentence and exit code 1, never a traceback."""

    def execute(self, *args: Any, **options: Any) -> Any:
        try:
            return super().execute(*args, **options)
        except DomainError as refusal:
            words = refusal.message + (f"（依据：{refusal.citation}）" if refusal.citation else "")
            raise CommandError(f"{words}〔{refusal.code}〕") from refusal

    @staticmethod
    def content_of(file: str) -> bytes:
        """The bytes of a file named on the command line."""
        try:
            return Path(file).read_bytes()
        except OSError as error:
            raise CommandError(f"无法读取文件“{file}”：{error.strerror}") from error

    @staticmethod
    def write_json(place: str, report: dict[str, Any]) -> None:
        """Write a report where ``--json`` says; nothing if it says nothing."""
        if place:
            text = json.dumps(report, ensure_ascii=False, indent=2)
            Path(place).write_text(text + "\n", encoding="utf-8")
