"""Check a round's eligibility from the command line and write the findings as JSON."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.core.management.base import CommandError

from policies.rules.findings import plain_number
from policies.rules.verdicts import IN_ORDER, code_of
from talents.models import AssessmentRun, SelectionRound
from talents.selectors.assessments import progress_of
from talents.selectors.results import Result, results_in_full
from talents.services.eligibility import start_run
from workflow import jobs
from workflow.commands import RefusingCommand, reason_of
from workflow.records import subject_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.core.management.base import CommandParser

    from organizations.models import User

PAUSE_SECONDS = 0.5


class Command(RefusingCommand):
    help = "核验一个轮次全部推荐人选的资格，并说明每人每项条件的结论。"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--round", required=True, metavar="轮次编码", help="如 BJ-2026")
        parser.add_argument("--json", default="", metavar="文件", help="把结果写成 JSON 文件")

    def handle(self, *args: Any, **options: Any) -> None:
        actor = self.actor(options)
        self.check_places(options["json"])
        selection = _round(options["round"], actor)
        run = start_run(selection.pk, actor=actor)
        _work_off(run)
        if options["json"]:
            _write(run, actor, Path(options["json"]))
        counts = "，".join(f"{v.label} {getattr(run, f'{v.code}_count')} 人" for v in IN_ORDER)
        self.stdout.write(f"“{selection.name}”资格核验完成：{counts}")


def _round(code: str, actor: User) -> SelectionRound:
    rounds = SelectionRound.objects.visible_to(actor)
    found = rounds.filter(code=code).first()
    if found is not None:
        return found
    known = "、".join(rounds.order_by("-pk").values_list("code", flat=True)[:10])
    raise CommandError(f"没有编码为 {code} 的轮次" + (f"；已有的轮次：{known}" if known else ""))


def _work_off(run: AssessmentRun) -> None:
    """Do what no worker has taken, and wait for what one has; take over from one that dies."""
    while True:
        for part in jobs.jobs_of(subject_of(run)):
            jobs.run(part.pk)
        run.refresh_from_db()
        if run.status == run.Status.DONE:
            return
        if error := progress_of(run).error:
            raise CommandError(f"资格核验没有完成：{error}")
        time.sleep(PAUSE_SECONDS)


def _write(run: AssessmentRun, actor: User, place: Path) -> None:
    """The results as JSON, row by row: memory does not grow with the round."""
    draft = place.with_name(f"{place.name}.part")
    try:
        with draft.open("w", encoding="utf-8") as file:
            file.writelines(_json_of(run, actor))
        draft.replace(place)
    except OSError as error:
        raise CommandError(f"无法写入 {place}：{reason_of(error)}") from error


def _json_of(run: AssessmentRun, actor: User) -> Iterator[str]:
    head = {
        "round": run.round.code,
        "policy": run.round.edition.code,
        "edition": run.round.edition.edition,
        "counts": {v.code: getattr(run, f"{v.code}_count") for v in IN_ORDER},
    }
    yield json.dumps(head, ensure_ascii=False)[:-1] + ', "nominations": ['
    separator = "\n"
    for result in results_in_full(actor, run):
        yield separator + json.dumps(_nomination(result), ensure_ascii=False)
        separator = ",\n"
    yield "\n]}\n"


def _nomination(result: Result) -> dict[str, Any]:
    return {
        "row": result.nomination.row_number,
        "name": result.nomination.person.name,
        "verdict": code_of(result.nomination.overall),  # type: ignore[attr-defined]
        "findings": [
            {
                "criterion": finding.code,
                "met": finding.met,
                "actual": plain_number(finding.actual),
                "threshold": plain_number(finding.threshold),
                "source": finding.source,
            }
            for finding in result.findings
        ],
    }
