"""A paper as an answer: the same data as PDF, DOCX or XLSX, whichever the address names."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

from django.http import Http404, HttpResponse

from pages.documents import XLSX
from pages.views.lists import EXPORTED
from workflow.records import record_event

if TYPE_CHECKING:
    from organizations.models import Organization, User
    from pages.documents.paper import Paper
    from pages.permissions import SignedRequest

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
PDF = "application/pdf"
FORMATS = {"pdf": PDF, "docx": DOCX, "xlsx": XLSX}


def paper_leaves(  # noqa: PLR0913 - what a printing consists of
    request: SignedRequest,
    paper: Paper,
    name: str,
    kind: str,
    *,
    organization: Organization,
    count: int = 1,
) -> HttpResponse:
    """``paper_answer``, with its code on the record of what the paper is about: a sheet is traced by it.

    ``count``: how many rows are on it.
    """
    answer = paper_answer(paper, name, kind)
    keep_code(paper, actor=request.user, organization=organization, count=count)
    return answer


def keep_code(paper: Paper, *, actor: User, organization: Organization, count: int = 1) -> None:
    """That ``paper`` left the house, with its code, on the record of what it is about."""
    record_event(
        EXPORTED.of(paper.title),
        paper.subject,
        actor=actor,
        organization=organization,
        after={"count": count, "paper": paper.code},
    )


def paper_answer(paper: Paper, name: str, kind: str) -> HttpResponse:
    """PDF to be looked at in the browser, the others to be saved as ``name``; 404 for other kinds."""
    if kind not in FORMATS:
        raise Http404
    content = {"pdf": paper.pdf, "docx": paper.docx, "xlsx": paper.xlsx}[kind]()
    return file_answer(content, f"{name}.{kind}", FORMATS[kind], is_saved=kind != "pdf")


def file_answer(content: bytes, name: str, kind: str, *, is_saved: bool = False) -> HttpResponse:
    """A file under its Chinese name."""
    answer = HttpResponse(content, content_type=kind)
    how = "attachment" if is_saved else "inline"
    answer.headers["Content-Disposition"] = f"{how}; filename*=UTF-8''{quote(name)}"
    return answer
