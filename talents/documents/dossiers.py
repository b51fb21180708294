"""A dossier on paper: what its page shows, with the code that ties it to the data."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pages.documents.paper import Paper
from talents.documents.own import grid_of
from workflow.records import subject_of

if TYPE_CHECKING:
    from talents.selectors.dossiers import Dossier

WORDS = (
    "本卷宗由匠阶工作平台按登记的师徒协议、带教日志、称号和成果生成，同一徒弟的成果只计一次。",
)


def dossier_paper(dossier: Dossier) -> Paper:
    """One of the three, in the shape of every paper."""
    return Paper(
        title=dossier.title,
        issuer=dossier.person.organization.name,
        subject=subject_of(dossier.person),
        words=WORDS,
        facts=[(fact["label"], fact["value"]) for fact in dossier.facts],
        tables=[grid_of(kind) for kind in dossier.kinds],
    )
