"""Whether the verdicts of each check are still those recorded when it ended, and draws and lists, too."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import connection

from policies.rules.verdicts import Overall
from talents.models import AssessmentRun, Draw, PublicNotice
from talents.rules.digests import altered_draws, altered_lists
from workflow.models import Record
from workflow.records import subject_of, verification

if TYPE_CHECKING:
    from collections.abc import Iterator

#: Under this name the digest stands in the record of a check.
VERDICTS = "verdicts_sha256"
#: One line a verdict, of numbers only; ``docs/record-chain.md`` describes it for outside verifiers.
DIGEST = """
select encode(sha256(convert_to(coalesce(string_agg(concat_ws(' ', nomination_id, version, overall,
  met, known, observed::text), E'\\n' order by nomination_id), ''), 'UTF8')), 'hex')
from talents_assessment where run_id = %s
"""
WITHOUT_CHECK = """
select distinct run_id from talents_assessment a
where not exists (select 1 from talents_assessmentrun r where r.id = a.run_id)
"""


def digest_of_verdicts(run_id: int) -> str:
    """SHA-256 over all verdicts of a check, in order of the nominations."""
    return _asked(DIGEST, run_id)[0][0]


def breaks() -> Iterator[str]:
    """Every check whose verdicts, counts, edition or existence are not as recorded."""
    prefix = AssessmentRun._meta.label_lower
    rows = Record.objects.filter(subject__startswith=f"{prefix}:", after__has_key=VERDICTS)
    recorded: dict[str, dict[str, Any]] = {}
    for row in rows.order_by("pk"):
        recorded[row.subject] = recorded.get(row.subject, {}) | row.after
    for run in AssessmentRun.objects.filter(status=AssessmentRun.Status.DONE).order_by("pk"):
        name, said = f"核验 {run.pk}（{run}）", recorded.pop(subject_of(run), None)
        if said is None:
            yield f"{name}：没有完成核验的留痕记录"
            continue
        if said[VERDICTS] != digest_of_verdicts(run.pk):
            yield f"{name}：核验结果与留痕记录的摘要值不符"
        counts = {f"{verdict.code}_count" for verdict in Overall}
        facts = {fact: getattr(run, fact) for fact in (*counts, "edition_digest")}
        tallied = {f"{v.code}_count": sum(p[3] for p in run.patterns if p[0] == v) for v in Overall}
        if {fact: said.get(fact) for fact in facts} != facts or facts != facts | tallied:
            yield f"{name}：人数或政策版本与留痕记录不符"
    for subject in recorded:
        yield f"核验 {subject.rpartition(':')[2]}：留痕记录载有完成，但核验已不存在或未完成"
    for (run_id,) in _asked(WITHOUT_CHECK):
        yield f"核验 {run_id}：有核验结果而没有这次核验"


def _asked(query: str, *values: int) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query, values)
        return cursor.fetchall()


verification.register(verification.Check("资格核验", breaks, AssessmentRun.objects.count))
verification.register(verification.Check("专家抽取", altered_draws, Draw.objects.count))
verification.register(verification.Check("公示名单", altered_lists, PublicNotice.objects.count))
