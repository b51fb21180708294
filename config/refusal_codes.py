"""The list of refusals in `docs/refusals.md`, read from the source: `python -m config.refusal_codes`."""

import ast
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from config import environment
from config.layout import APPS

PLACE = environment.CHECKOUT / "docs" / "refusals.md"
HEAD = """# 拒绝代码

系统按规则说“不”时，页面给出一句话，接口给出 `application/problem+json`（HTTP 409），其中 `type` 是下表的代码。
本表由 `python -m config.refusal_codes` 从源码生成；花括号处是当时的具体内容。

| 代码 | 说法（例） | 所在 |
|---|---|---|
"""


def refusals() -> dict[str, tuple[str, str]]:
    """Code → (message as written, module), for every refusal whose code is a literal."""
    found: dict[str, tuple[str, str]] = {}
    for app in APPS:
        for path in sorted((environment.CHECKOUT / app).rglob("*.py")):
            if "migrations" in path.parts:
                continue
            module = path.relative_to(environment.CHECKOUT).as_posix()
            for code, message in _in_module(ast.parse(path.read_text(encoding="utf-8"))):
                if code not in found or not found[code][0]:
                    found[code] = (message, module)
    return dict(sorted(found.items()))


def _in_module(tree: ast.Module) -> Iterator[tuple[str, str]]:
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
    constants = _named(tree.body, before=sys.maxsize)
    for function in functions:
        for call in ast.walk(function):
            if (
                isinstance(call, ast.Call)
                and _name(call.func) in {"DomainError", "Refusal"}
                and call.args
            ):
                code = call.args[0]
                if isinstance(code, ast.Constant) and isinstance(code.value, str):
                    names = constants | _named(ast.walk(function), before=call.lineno)
                    message = call.args[1] if len(call.args) > 1 else None
                    yield code.value, _words(message, names)


def _named(nodes: Iterable[ast.AST], *, before: int) -> dict[str, ast.expr]:
    """What each name was last set to before a line."""
    assignments = [n for n in nodes if isinstance(n, ast.Assign) and n.lineno < before]
    return {
        target.id: assignment.value
        for assignment in sorted(assignments, key=lambda n: n.lineno)
        for target in assignment.targets
        if isinstance(target, ast.Name)
    }


def _name(function: ast.expr) -> str:
    return getattr(function, "attr", "") or getattr(function, "id", "")


def _words(node: ast.expr | None, names: dict[str, ast.expr]) -> str:
    """A message as written in the source; what is filled in later stands in braces."""
    if isinstance(node, ast.Name) and node.id in names:
        return _words(names[node.id], {k: v for k, v in names.items() if k != node.id})
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(
            str(part.value) if isinstance(part, ast.Constant) else "{…}" for part in node.values
        )
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        return _words(node.left, names) + _words(node.right, names)
    return ""


def page() -> str:
    rows = (
        f"| `{code}` | {message.replace('|', '／').replace(chr(10), ' ')} | `{module}` |\n"
        for code, (message, module) in refusals().items()
    )
    return HEAD + "".join(rows)


def main(place: Path = PLACE) -> int:
    place.write_text(page(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
