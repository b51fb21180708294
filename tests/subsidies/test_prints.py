"""One picture under two expenses: seen however it was scanned anew, and shown with both their figures."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from intake.pictures.reader import prints_of
from organizations.models import User
from organizations.roles import Role
from subsidies.models import EvidencePrint
from subsidies.selectors.flags import flags_raised
from subsidies.services.evidence import add_evidence
from subsidies.services.expenses import withdraw_expense
from subsidies.tasks import look_at_originals
from talents.services.scans import Scan
from tests.factories.academies import AcademyFactory
from tests.factories.organizations import account
from tests.factories.pictures import as_file, scanned_again, voucher
from tests.factories.subsidies import evidence_of, paid_grant, picture, spent
from workflow.jobs import run
from workflow.models import Job

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def grant(beijing):
    return paid_grant(AcademyFactory(supervising_union=beijing), "900000.00")


def added(expense, sheet, kind="PNG", proves="voucher", **options):
    name = {"PNG": "a.png", "JPEG": "a.jpg", "PDF": "a.pdf"}[kind]
    scan = Scan(as_file(sheet, kind, **options), name)
    return add_evidence(expense.pk, proves, scan, actor=User.objects.system())


def pairs():
    found = {one.flag.code: one.hits for one in flags_raised(User.objects.system())}
    return [set(hit.expenses) for hit in found["same-image"]]


def test_a_picture_saved_anew_is_flagged_under_another_expense_of_another_academy(grant):
    other = paid_grant(AcademyFactory(supervising_union=grant.academy.supervising_union), "900.00")
    first, second = spent(grant, "12.34"), spent(other, "56.78")
    added(first, voucher(1), proves="roster")
    added(second, voucher(1), "JPEG", proves="other", quality=40)

    assert pairs() == [{first.pk, second.pk}]


def test_forms_that_are_filled_in_with_other_sums_are_not_flagged_however_alike_they_look(grant):
    """What differs may be a few digits: no more than between a picture and itself saved anew."""
    added(spent(grant, "12.34"), voucher(1))
    added(spent(grant, "56.78"), voucher(1), "JPEG", quality=40)

    assert pairs() == []


def test_a_sheet_scanned_anew_is_flagged_where_the_sum_is_the_same(grant):
    first, second, third = (spent(grant, sum_) for sum_ in ("500.01", "500.01", "700.02"))
    added(first, voucher(2))
    added(second, scanned_again(voucher(2)), "JPEG")
    added(third, voucher(4), "PDF")

    assert pairs() == [{first.pk, second.pk}]


def test_other_sheets_on_the_same_form_are_not_flagged_even_for_the_same_sum(grant):
    for seed in range(5):
        added(spent(grant, "500.01", payee=f"公司{seed}"), voucher(seed))

    assert pairs() == []


def test_what_was_taken_back_is_flagged_no_more_nor_are_two_pictures_of_one_expense(grant):
    first, second = spent(grant, "12.34"), spent(grant, "12.34", payee="另一家")
    added(first, voucher(1))
    added(first, voucher(1), "JPEG", quality=50)
    assert pairs() == []
    added(second, voucher(1), "JPEG", quality=40)
    assert len(pairs()) == 1
    withdraw_expense(first.pk, "mistyped", actor=User.objects.system(), note="金额有误")
    assert pairs() == []


def test_an_upload_is_looked_at_at_once_and_what_shows_nothing_is_noted(grant):
    seen = added(spent(grant), voucher(1))
    blank = add_evidence(
        spent(grant).pk, "invoice", Scan(picture("空白"), "a.png"), actor=User.objects.system()
    )

    assert list(seen.prints.values_list("position", flat=True)) == [1]
    assert list(blank.prints.values_list("position", "bits")) == [(0, None)]


def test_what_was_kept_before_is_looked_at_by_night_and_only_once(grant):
    old = [evidence_of(spent(grant)) for _ in range(3)]
    sheet = evidence_of(spent(grant), content=as_file(voucher(1)))

    for _ in range(2):
        look_at_originals()
    run(Job.objects.get(name="subsidies.look-at-originals").pk)
    look_at_originals()

    assert EvidencePrint.objects.filter(evidence__in=old, position=0).count() == 3
    assert sheet.prints.get().bits == prints_of(as_file(voucher(1)))[0]
    assert Job.objects.get(name="subsidies.look-at-originals").result == {"count": 4}


def test_a_job_that_dies_goes_on_where_it_stopped(grant, monkeypatch):
    for _ in range(3):
        evidence_of(spent(grant))
    tried = []

    def dies_at_the_second(evidence):
        tried.append(evidence.pk)
        if len(tried) == 2:
            raise MemoryError
        return []

    monkeypatch.setattr("subsidies.tasks.look_at", dies_at_the_second)
    look_at_originals()
    job = Job.objects.get(name="subsidies.look-at-originals")
    run(job.pk)
    job.refresh_from_db()
    assert (job.status, EvidencePrint.objects.count()) == (Job.Status.QUEUED, 1)

    run(job.pk)

    job.refresh_from_db()
    assert (job.status, EvidencePrint.objects.count()) == (Job.Status.DONE, 3)
    assert len(tried) == len(set(tried)) + 1


def test_both_vouchers_stand_side_by_side_with_their_figures(grant, client):
    first, second = spent(grant, "12.34", payee="甲公司"), spent(grant, "56.78", payee="乙公司")
    one = added(first, voucher(1), proves="contract")
    two = added(second, voucher(1), "JPEG", proves="contract", quality=40)
    client.force_login(account(Role.AUDITOR, grant.fund.organization))
    address = reverse("subsidies:expenses-compared", args=[first.pk, second.pk])

    assert address in client.get(reverse("subsidies:flags")).content.decode()
    page = client.get(address).content.decode()

    for said in ("12.34", "56.78", "甲公司", "乙公司", first.voucher, second.voucher):
        assert said in page
    for original in (one, two):
        assert f'<img src="{reverse("subsidies:evidence", args=[original.pk])}"' in page


def test_who_may_see_only_one_of_two_expenses_cannot_compare_them(grant, client):
    hidden = spent(paid_grant(AcademyFactory(), "100.00"), "1.00")
    mine = spent(grant)
    client.force_login(account(Role.AUDITOR, grant.academy.organization))
    for pair in ((mine, hidden), (hidden, mine)):
        address = reverse("subsidies:expenses-compared", args=[one.pk for one in pair])
        assert client.get(address).status_code == 404


def test_an_upload_through_the_page_is_looked_at(grant, client):
    expense = spent(grant)
    client.force_login(account(Role.ACADEMY_MANAGER, grant.academy.organization))
    file = SimpleUploadedFile("发票.png", as_file(voucher(1)), "image/png")
    address = reverse("subsidies:evidence-new", args=[expense.pk])
    assert client.post(address, {"kind": "invoice", "file": file}).status_code == 302
    assert EvidencePrint.objects.filter(evidence__expense=expense, position=1).exists()
