"""What the content security policy forbids must not be in any template."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.template.loader import get_template

ROOT = Path(settings.BASE_DIR) / "templates"
TEMPLATES = sorted(path.relative_to(ROOT).as_posix() for path in ROOT.rglob("*.html"))
STYLE_SHEETS = sorted((Path(settings.BASE_DIR) / "static" / "css").glob("*.css"))
SCRIPTS = sorted((Path(settings.BASE_DIR) / "static" / "js").glob("*.js"))
FORBIDDEN = {
    "inline style": re.compile(r"<style|\sstyle\s*=", re.IGNORECASE),
    "inline script": re.compile(r"<script(?![^>]*\bsrc=)", re.IGNORECASE),
    "inline handler": re.compile(r"\son[a-z]+\s*=\s*[\"']", re.IGNORECASE),
    "script address": re.compile(r"javascript:", re.IGNORECASE),
    "foreign address": re.compile(r"(?:src|href|action)=[\"'](?:https?:)?//", re.IGNORECASE),
    "unescaped value": re.compile(r"\|\s*safe\b|autoescape off"),
}


@pytest.mark.parametrize("name", TEMPLATES)
def test_template_compiles_and_holds_nothing_inline_or_foreign(name):
    source = (ROOT / name).read_text()

    get_template(name)

    assert [what for what, pattern in FORBIDDEN.items() if pattern.search(source)] == []


@pytest.mark.parametrize("path", [*STYLE_SHEETS, *SCRIPTS], ids=lambda path: path.name)
def test_style_sheet_or_script_asks_no_other_host(path):
    assert re.findall(r"(?:url\(|import\s|fetch\()\s*[\"']?(?:https?:)?//", path.read_text()) == []


@pytest.mark.parametrize(
    "path",
    [p for p in STYLE_SHEETS if p.name not in {"tokens.css", "print.css"}],
    ids=lambda p: p.name,
)
def test_colours_are_stated_in_tokens_only(path):
    assert re.findall(r"#[0-9a-fA-F]{3,8}\b(?=[;\s,)])|rgba?\(", path.read_text()) == []


@pytest.mark.parametrize("path", STYLE_SHEETS, ids=lambda path: path.name)
def test_every_token_used_is_defined(path):
    defined = set()
    for sheet in STYLE_SHEETS:
        defined |= set(re.findall(r"(--[\w-]+)\s*:", sheet.read_text()))

    used = set(re.findall(r"var\((--[\w-]+)", path.read_text()))

    assert used - defined == set()
