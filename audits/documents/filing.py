"""What goes into the dossier (卷宗) of an audit, piece by piece, and the index that is printed of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from academies.documents.rectification import notice_after_audit, sheet_after_audit
from audits.documents.papers import working_paper_of
from audits.selectors.audits import findings_in_scope, papers_in_scope
from intake.services.originals import content_of
from pages.documents.paper import Grid, Paper
from subsidies.selectors.money import evidence_in_scope
from workflow.records import subject_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from audits.models import Engagement
    from organizations.models import User
    from subsidies.models import Evidence

#: How much of a SHA-256 stands in the index on paper; the whole is in the file of sums.
SHOWN = 16


@dataclass(frozen=True, slots=True)
class Piece:
    """A file of a dossier: ``mark`` is the code at its foot, or how the digest of an original begins.

    ``paper``: what it was printed from; None of an original.
    """

    name: str
    what: str
    mark: str
    content: Callable[[], bytes]
    paper: Paper | None = None


def pieces_of(user: User, row: Engagement, report: Paper) -> Iterator[Piece]:
    """Everything in the dossier, as ``user`` sees it; nothing is drawn up before it is asked for."""
    yield _printed("01-审计报告.pdf", report.title, report)
    yield Piece("01-审计报告.docx", report.title, report.code, report.docx, report)
    found = "审计发现及整改、退回情况"
    yield Piece("02-审计发现.xlsx", found, report.code, report.xlsx, report)
    yield from _working_papers(user, row)
    yield from _put_right(user, row)


def index_of(row: Engagement, pieces: Sequence[Piece]) -> Paper:
    """卷内目录, on paper: what the dossier holds, each by the code at its foot."""
    rows = [[str(n), one.name, one.what, one.mark] for n, one in enumerate(pieces, start=1)]
    return Paper(
        title="审计卷宗目录",
        issuer=f"{row.organization.name}经费审查委员会",
        subject=subject_of(row),
        facts=[
            ("审计文号", row.number),
            ("审计项目", row.title),
            ("审计对象", f"{row.fund.organization.name}{row.fund}"),
            ("卷内文件", f"{len(rows)}件"),
        ],
        tables=[
            Grid("卷内文件", ("序号", "文件", "内容", "核对码（原件为摘要值）"), (1, 5, 6, 4), rows)
        ],
        signatures=[("立卷人", ""), ("检查人", ""), ("日期", "")],
    )


def _working_papers(user: User, row: Engagement) -> Iterator[Piece]:
    papers = list(papers_in_scope(user).filter(engagement=row))
    originals: dict[int, list[Evidence]] = {}
    for one in evidence_in_scope(user).filter(expense__in=[p.expense_id for p in papers]):
        originals.setdefault(one.expense_id, []).append(one)
    for number, paper in enumerate(papers, start=1):
        what = f"底稿：{paper.expense.academy.name}{paper.expense.voucher}"
        yield _printed(f"03-底稿/{number:04}.pdf", what, working_paper_of(paper))
        for place, original in enumerate(originals.get(paper.expense_id, ()), start=1):
            yield _original(f"04-凭证原件/{number:04}-{place}", what, original)


def _put_right(user: User, row: Engagement) -> Iterator[Piece]:
    found = findings_in_scope(user).filter(engagement=row, rectification__isnull=False)
    for finding in found.select_related("rectification__academy").order_by("number"):
        item = finding.rectification
        if item is None:
            continue
        what = f"发现{finding.number}（{finding.academy.name}）"
        for paper in (notice_after_audit(item), sheet_after_audit(item)):
            name = f"05-整改/{finding.number:04}-{paper.title}.pdf"
            yield _printed(name, f"{what}的{paper.title}", paper)


def _printed(name: str, what: str, paper: Paper) -> Piece:
    return Piece(name, what, paper.code, paper.pdf, paper)


def _original(name: str, what: str, original: Evidence) -> Piece:
    file = original.attachment
    said = f"{what}的{original.get_kind_display()}"
    return Piece(f"{name}.{file.kind}", said, file.sha256[:SHOWN], lambda: content_of(file))
