"""Checking a whole round: the run, its parts, and what becomes of them at the end.

A run is split by id into one or two parts, each a job of its own, so that two cores are used: one
INSERT … SELECT never uses more than one. A part walks its ids in chunks; the verdicts of a chunk and
the place to go on from are committed together, so a killed worker repeats nothing and skips nothing.
"""

from __future__ import annotations

from functools import partial
from time import monotonic
from typing import TYPE_CHECKING, Any

from django.db import connection, transaction
from django.db.models import Count, F, Max, Min, Q
from django.urls import reverse
from django.utils import timezone

from policies.rules.verdicts import IN_ORDER, Overall
from talents.models import Assessment, AssessmentRun, Nomination, SelectionRound
from talents.permissions import may_assess
from talents.rules import evaluation_for, evaluation_of, seals
from workflow import jobs, notices
from workflow.models import Job, Record
from workflow.records import Event, record_event, subject_of
from workflow.refusals import DomainError
from workflow.refusals.database import refusing
from workflow.transitions import Step

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from organizations.models import User
    from policies.rules.criteria import Evaluation
    from workflow.jobs import Lease

#: Chunks grow while they are quick: progress shows at once, and a slow disk never outlasts a lease.
FIRST_CHUNK, LARGEST_CHUNK, QUICK_SECONDS = 2_000, 64_000, 2.0
#: How many ids a chunk may span for each row it holds.
WIDEST_SPREAD = 4
#: A round up to this size is one part: the second core would wait for the first half a second.
ONE_PART_UP_TO = 200_000
DELETION_LOCK = 0x656C6967  # the trigger on deleted nominations takes it, shared
PART_JOBS = ("talents.check_eligibility", "talents.check_eligibility_second_half")
FINISH = Step(frozenset({AssessmentRun.Status.RUNNING}), AssessmentRun.Status.DONE)
ASSESSED = Event("talents.assessed", "资格核验完成", Record.Kind.JOB)
LEFT = Event("talents.verdicts-left", "核验结果随推荐撤下")


@transaction.atomic
def start_run(round_id: int, *, actor: User) -> AssessmentRun:
    """Begin to judge every nomination filed so far; a run whose jobs were parked is taken up again.

    Of two people who start at once, one is refused (``run-already-going``).
    """
    rows = SelectionRound.objects.visible_to(actor).select_related("organizer", "edition")
    selection = rows.get(pk=round_id)
    may_assess.check(actor, selection)
    evaluation_for(selection)  # refused here, not in the job, if there is nothing to judge by
    wait_for_deletions(selection)
    unfinished = selection.runs.filter(status=AssessmentRun.Status.RUNNING).first()
    if unfinished is not None:
        return _taken_up_again(unfinished, selection)
    once = {"run_once_at_a_time_per_round": _already_going(selection)}
    with refusing(once), transaction.atomic():
        run = AssessmentRun.objects.create(
            round=selection,
            edition_digest=selection.edition.digest,
            reference_day=selection.reference_day,
            requested_by=actor,
            **_division(selection),
        )
    for name in PART_JOBS[: run.parts_left]:
        jobs.enqueue(
            name,
            subject_of(run),
            label=f"资格核验：{selection.name}",
            requested_by=actor,
            organization=selection.organizer,
        )
    return run


def wait_for_deletions(selection: SelectionRound) -> None:
    """Whoever deletes nominations of the round now finishes first; later ones are refused."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [DELETION_LOCK, selection.pk])


def _taken_up_again(run: AssessmentRun, selection: SelectionRound) -> AssessmentRun:
    """A run that stands still goes on from where it stood; one that is going is not disturbed."""
    now = timezone.now()
    standing = Job.objects.filter(
        Q(status=Job.Status.PARKED)
        | Q(status=Job.Status.QUEUED, sent_at__lt=now - jobs.RESEND_AFTER)
        | Q(status=Job.Status.RUNNING, lease_until__lt=now),
        subject=subject_of(run),
    )
    waiting = list(standing.values_list("pk", "status"))
    if not waiting:
        raise _already_going(selection)
    for pk, status in waiting:
        if status == Job.Status.PARKED:
            jobs.retry(pk)
        else:
            transaction.on_commit(partial(jobs.send, pk))
    return run


def _already_going(selection: SelectionRound) -> DomainError:
    message = f"“{selection.name}”的资格核验正在进行，请等它完成后再发起"
    return DomainError("run-already-going", message)


def _division(selection: SelectionRound) -> dict[str, Any]:
    """How many nominations there are, and at which ids their parts begin and end."""
    rows = Nomination.objects.filter(round=selection).order_by("pk")
    found = rows.aggregate(first=Min("pk"), last=Max("pk"), count=Count("pk"))
    bounds = [found["first"] or 0, (found["last"] or 0) + 1]
    if found["count"] > ONE_PART_UP_TO:
        middle = rows.values_list("pk", flat=True)[found["count"] // 2]
        bounds.insert(1, middle)
    return {"bounds": bounds, "parts_left": len(bounds) - 1, "nomination_count": found["count"]}


def check_part(lease: Lease, part: int) -> dict[str, Any]:
    """Judge one part of a run, chunk by chunk, from where the last attempt stood; then sign it off."""
    run = AssessmentRun.objects.select_related("round").get(pk=lease.subject_id)
    evaluation = evaluation_of(run)
    first, upto = run.bounds[part], run.bounds[part + 1]
    rows = Nomination.objects.filter(round=run.round_id)
    place = lease.cursor or {"next": first, "done": 0, "total": _count(rows, first, upto)}
    size = FIRST_CHUNK
    while chunk := _chunk(rows, place, upto, size):
        began = monotonic()
        ids, place = chunk
        with lease.step(done=place["done"], total=place["total"], cursor=place):
            _judge(evaluation, rows, ids, run)
        if monotonic() - began < QUICK_SECONDS:
            size = min(2 * size, LARGEST_CHUNK)
    if not place.get("signed_off"):
        with lease.step(cursor={**place, "signed_off": True}):
            _sign_off(run.pk)
    return {"run": run.pk}


def _count(rows: QuerySet, first: int, upto: int) -> int:
    return rows.filter(pk__gte=first, pk__lt=upto).count()


def _chunk(
    rows: QuerySet, place: dict[str, int], upto: int, size: int
) -> tuple[tuple[int, int], dict[str, int]] | None:
    """The ids of the next ``size`` rows or fewer, and where the part stands after them.

    They lie near together: between them the employment rows of other rounds are read as well.
    """
    waiting = rows.filter(pk__gte=place["next"], pk__lt=upto).order_by("pk")
    first = waiting.values_list("pk", flat=True).first()
    if first is None:
        return None
    near = waiting.filter(pk__lt=first + size * WIDEST_SPREAD).values("pk")[:size]
    found = near.aggregate(last=Max("pk"), count=Count("pk"))
    done = place["done"] + found["count"]
    after = {"next": found["last"] + 1, "done": done, "total": max(done, place["total"])}
    return (first, found["last"]), after


def _judge(evaluation: Evaluation, rows: QuerySet, ids: tuple[int, int], run: AssessmentRun) -> int:
    return evaluation.store(
        rows,
        ids=ids,
        into=Assessment,
        subject="nomination",
        constants={"run": run.pk, "version": F("version")},
    )


def _sign_off(run_id: int) -> None:
    """One part less to wait for; whoever signs off last finishes the run."""
    AssessmentRun.objects.filter(pk=run_id).update(parts_left=F("parts_left") - 1)
    run = AssessmentRun.objects.select_related("round__organizer", "requested_by").get(pk=run_id)
    if run.parts_left == 0:
        _finish(run)


def _finish(run: AssessmentRun) -> None:
    """Count by one query, close the run, record it, tell who asked. Runs once: the guard sees to it."""
    tally = _tallied(run)
    counts = _counts(tally)
    if not FINISH.take(
        AssessmentRun.objects.filter(pk=run.pk), finished_at=timezone.now(), **tally
    ):
        return
    said = "，".join(f"{v.label}{counts[f'{v.code}_count']}人" for v in IN_ORDER)
    record_event(
        ASSESSED,
        subject_of(run),
        actor=run.requested_by,
        organization=run.round.organizer,
        after={
            **counts,
            "round": run.round.code,
            "edition_digest": run.edition_digest,
            seals.VERDICTS: seals.digest_of_verdicts(run.pk),
        },
        note=said,
    )
    outcome = "资格核验完成" if sum(counts.values()) else "没有推荐人选，无人核验"
    notices.tell(
        [run.requested_by],
        f"“{run.round.name}”{outcome}",
        subject=subject_of(run),
        href=reverse("talents:run", args=[run.pk]),
        body=f"{said}。请打开核验结果，逐人查看原因。",
    )


def forget_verdicts(selection: SelectionRound, gone: QuerySet[Nomination], *, actor: User) -> None:
    """Take back the verdicts about nominations that leave the round; the runs' figures follow.

    Whoever else takes nominations away, or starts a check, waits for this transaction; refused
    (``run-in-progress``) while a check is going.
    """
    wait_for_deletions(selection)
    if AssessmentRun.objects.filter(round=selection, status=AssessmentRun.Status.RUNNING).exists():
        raise DomainError("run-in-progress", "本轮次正在核验资格，请等核验完成后再撤回或撤销")
    for run in AssessmentRun.objects.filter(round=selection, status=AssessmentRun.Status.DONE):
        if Assessment.objects.filter(run=run, nomination_id__in=gone.values("pk")).delete()[0]:
            tally = _tallied(run)
            left = sum(count for *_, count in tally["patterns"])
            AssessmentRun.objects.filter(pk=run.pk).update(**tally, nomination_count=left)
            record_event(
                LEFT,
                subject_of(run),
                actor=actor,
                organization=selection.organizer,
                after={**_counts(tally), seals.VERDICTS: seals.digest_of_verdicts(run.pk)},
            )


def _counts(tally: dict[str, Any]) -> dict[str, int]:
    return {name: count for name, count in tally.items() if name.endswith("_count")}


def _tallied(run: AssessmentRun) -> dict[str, Any]:
    """How the verdicts of a run are spread, and how many came out each way."""
    patterns = [
        list(row)
        for row in Assessment.objects.filter(run=run)
        .values_list("overall", "met", "known")
        .annotate(count=Count("nomination_id"))
        .order_by("overall", "met", "known")
    ]
    return {
        "patterns": patterns,
        **{
            f"{verdict.code}_count": sum(p[3] for p in patterns if p[0] == verdict)
            for verdict in Overall
        },
    }
