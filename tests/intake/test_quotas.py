"""No file, and no organization, takes more than its share while others wait."""

import pytest
import time_machine
from django.utils import timezone

from intake import services as imports
from intake.models import ImportBatch, ImportRow
from intake.services import quotas, staging
from talents.imports import NOMINATIONS
from tests.talents.importing import call_of_nominations, roster_for, sheet_of, upload_of
from tests.talents.rosters import as_xlsx
from workflow import jobs
from workflow.models import Job
from workflow.refusals import DomainError

pytestmark = [pytest.mark.django_db, pytest.mark.attack]


@pytest.fixture(autouse=True)
def _media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def call():
    return call_of_nominations()


def test_rows_that_are_waited_for_are_never_held_together(call, monkeypatch):
    """Thousands of long rows used to lie in memory before the first was written."""
    roster, live, most = as_xlsx(roster_for(call, 5, 120)), [0], [0]
    few = staging._few

    def counted(rows):
        for row in few(rows):
            live[0] += 1
            most[0] = max(most[0], live[0])
            yield row

    def written(self, row):
        live[0] -= 1
        return line(self, row)

    line = staging.RowEncoder.line
    monkeypatch.setattr(staging, "_few", counted)
    monkeypatch.setattr(staging.RowEncoder, "line", written)

    imports.receive(upload_of(call, roster), NOMINATIONS)

    assert most[0] == 1


def test_long_rows_are_left_to_a_job_however_few_they_are(call, monkeypatch):
    monkeypatch.setattr(staging, "MOST_CHARACTERS_INLINE", 5_000)

    batch = imports.receive(upload_of(call, as_xlsx(roster_for(call, 5, 120))), NOMINATIONS).batch

    assert (batch.status, ImportRow.objects.count()) == ("reading", 0)
    jobs.run(Job.objects.get().pk)
    batch.refresh_from_db()
    assert (batch.status, batch.row_count) == ("staged", 120)


@pytest.mark.parametrize(("files", "size"), [(0, 1 << 40), (500, 0)], ids=["files", "bytes"])
def test_beyond_its_quota_of_a_day_an_organization_hands_in_nothing(call, monkeypatch, files, size):
    monkeypatch.setattr(quotas, "MOST_FILES", files)
    monkeypatch.setattr(quotas, "MOST_BYTES", size)

    with pytest.raises(DomainError) as refusal:
        imports.receive(upload_of(call, sheet_of(call, {})), NOMINATIONS)

    assert (refusal.value.code, ImportBatch.objects.count()) == ("quota-reached", 0)


def test_the_quota_of_a_day_comes_back_and_others_have_their_own(call, monkeypatch):
    monkeypatch.setattr(quotas, "MOST_FILES", 1)
    imports.receive(upload_of(call, sheet_of(call, {})), NOMINATIONS)
    other = upload_of(call, sheet_of(call, {"序号": 2}), organization=call.districts[0])

    imports.receive(other, NOMINATIONS)
    with time_machine.travel(timezone.now() + quotas.DAY):
        imports.receive(upload_of(call, sheet_of(call, {"序号": 3})), NOMINATIONS)

    assert ImportBatch.objects.count() == 3
