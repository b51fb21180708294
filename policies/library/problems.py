"""How the library says no: every problem with its file and line."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong, and where."""

    file: str
    line: int
    message: str
    path: tuple[str | int, ...] = ()  # the table and key it is about

    def __str__(self) -> str:
        return f"{self.file} 第 {self.line} 行：{self.message}"


class PolicyFileError(ValueError):
    """A file, or the library as a whole, that must not be loaded."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = problems
        super().__init__("\n".join(map(str, problems)))
