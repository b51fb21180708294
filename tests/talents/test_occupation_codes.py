"""The trade of a nomination by its code: typed, imported, printed, and drawn by."""

import io

import openpyxl
import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from organizations.roles import Role
from talents.models import Expert, Nomination
from talents.services.drawing import draw_experts
from tests.factories.declaring import asked_round
from tests.factories.organizations import OrganizationFactory, account
from tests.factories.talents import NominationFactory
from tests.factories.workflow import moved
from tests.talents.importing import call_of_nominations, codes, committed, sheet_of

pytestmark = pytest.mark.django_db
WELDING = "6-18-02-04"


@pytest.mark.parametrize(
    ("typed", "kept", "doubts"),
    [
        (WELDING, WELDING, set()),
        ("６－１８－０２－０４", WELDING, set()),
        ("6—18—02—04", WELDING, set()),
        ("无", "", set()),
        ("", "", set()),
        ("焊工", "", {"occupation-code-unusable"}),
        ("6-18-02", "", {"occupation-code-unusable"}),
        ("9-18-02-04", "", {"occupation-code-unusable"}),
    ],
)
def test_it_is_imported_as_the_list_writes_it_and_said_where_it_is_none(typed, kept, doubts):
    call = call_of_nominations()
    assert codes(call, 职业编码=typed) == (set(), doubts)
    committed(call, sheet_of(call, {"职业编码": typed}))
    assert Nomination.objects.get().occupation_code == kept


def test_a_sheet_without_the_column_tells_none():
    call = call_of_nominations()
    committed(call, sheet_of(call, {}))
    assert Nomination.objects.get().occupation_code == ""


def test_no_other_code_is_kept():
    row = NominationFactory()
    with (
        pytest.raises(IntegrityError, match="occupation_code_is_of_the_list"),
        transaction.atomic(),
    ):
        Nomination.objects.filter(pk=row.pk).update(occupation_code="焊工")


def test_it_stands_on_the_printed_summary_the_form_and_the_page(client):
    city = OrganizationFactory(kind="city")
    selection = asked_round(city, trades=("焊工",))
    rows = Nomination.objects.filter(round=selection)
    rows.update(occupation_code=WELDING)
    moved(rows, "checked")
    client.force_login(account(Role.HANDLER, city))
    summary = client.get(reverse("talents:round-paper", args=[selection.code, "summary", "xlsx"]))
    sheet = openpyxl.load_workbook(io.BytesIO(summary.content)).active
    told = {value for line in sheet.values for value in line}
    assert {"职业编码", WELDING} <= told
    page = client.get(reverse("talents:nomination", args=[rows.get().pk])).content.decode()
    assert WELDING in page


def test_an_expert_known_by_the_code_is_one_of_the_trade():
    city = OrganizationFactory(kind="city")
    selection = asked_round(city, trades=("焊接技术",))
    Expert.objects.update(fields="钳工")
    expert = Expert.objects.order_by("pk").last()
    Expert.objects.filter(pk=expert.pk).update(fields=f"{WELDING}、焊工")
    row = selection.nominations.get()
    Nomination.objects.filter(pk=row.pk).update(occupation_code=WELDING)
    firsts = {
        draw_experts(selection.pk, seed, actor=account(Role.HANDLER, city)).drawn[str(row.pk)][0]
        for seed in (3, 4, 5)
    }
    assert firsts == {expert.pk}, "one of the trade comes first, whatever the seed"
