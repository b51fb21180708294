"""Every file handed in within reach, and how the list is narrowed down."""

from types import SimpleNamespace

import pytest
from django.urls import reverse

from academies.imports import TRAINING
from academies.imports.subjects import YearSubject
from intake import services as imports
from organizations.models import User
from organizations.roles import Role
from tests.academies.books import a_class, a_line, workbook
from tests.factories.academies import AcademyFactory
from tests.factories.organizations import with_child
from tests.factories.talents import RoundFactory
from tests.factories.workflow import ImportBatchFactory
from tests.talents.importing import OTHER_SOUND, sheet_of, staged

pytestmark = pytest.mark.django_db
LIST = "/intake/imports/"
OTHER = {"公民身份号码": OTHER_SOUND, "出生年月": ""}


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def unit(district):
    return with_child(district, "unit", name="东一公司")


@pytest.fixture
def call(city, unit):
    return SimpleNamespace(round=RoundFactory(organizer=city), city=city, units=[unit])


@pytest.fixture
def book(unit, district):
    """A staged training workbook of an academy at the unit: both of its sheets."""
    academy = AcademyFactory(host=unit, supervising_union=district)
    content = workbook([a_class()], [a_line(1), a_line(2, 培训后等级="无")], owner="")
    system = User.objects.system()
    subject = YearSubject(academy, 2025)
    upload = imports.Upload(content, "培训.xlsx", subject, academy.organization, system)
    return SimpleNamespace(
        academy=academy,
        batches=imports.receive(upload, TRAINING).batches,
    )


def listed(client, **query):
    answer = client.get(LIST, query)
    assert answer.status_code == 200
    return answer


def test_a_batch_is_listed_with_its_form_its_round_and_its_figures(client, enter, call):
    enter(Role.HANDLER)
    batch = staged(call, sheet_of(call, {}, {"姓名": "", **OTHER}))

    page = listed(client)

    (line,) = page.context["lines"]
    assert (line.kind, line.subject) == ("推荐人选汇总表", call.round.name)
    assert line.href == reverse("intake:file", args=[batch.pk])
    assert client.get(line.href).status_code == 200
    assert str(batch.uploaded_by) in page.content.decode()


def test_both_sheets_of_a_training_workbook_lead_to_their_own_tab(client, enter, book):
    enter(Role.HANDLER)

    lines = listed(client).context["lines"]

    assert {(line.kind, line.subject) for line in lines} == {
        ("学员名册", f"{book.academy.name} 2025年度"),
        ("培训班开班情况表", f"{book.academy.name} 2025年度"),
    }
    for line in lines:
        page = client.get(line.href)
        assert page.status_code == 200
        assert page.context["batch"].pk == line.batch.pk


def test_an_academy_sees_its_own_workbooks_and_a_nominating_unit_its_own_rosters(
    client, enter, call, book, unit
):
    roster = staged(call, sheet_of(call, {}), organization=unit)

    enter(Role.ACADEMY_MANAGER, unit)
    of_academy = {line.batch.pk for line in listed(client).context["lines"]}
    enter(Role.NOMINATOR, unit)
    of_nominator = {line.batch.pk for line in listed(client).context["lines"]}

    assert of_academy == {batch.pk for batch in book.batches}
    assert of_nominator == {roster.pk}


def test_batches_outside_the_subtree_are_not_listed(client, enter, city, call):
    staged(call, sheet_of(call, {}), organization=call.units[0])
    enter(Role.HANDLER, with_child(city, "district"))

    assert listed(client).context["lines"] == []


def test_the_list_is_narrowed_by_form_status_rows_left_file_and_subject(client, enter, call, book):
    enter(Role.HANDLER)
    waiting = staged(call, sheet_of(call, {}), filename="待提交.xlsx")
    left = staged(call, sheet_of(call, OTHER, {"姓名": ""}), filename="有退回.xlsx")
    imports.commit(left.pk, actor=User.objects.system())

    def found(**query):
        return {line.batch.pk for line in listed(client, **query).context["lines"]}

    training = {batch.pk for batch in book.batches}
    assert found() == {waiting.pk, left.pk} | training
    assert found(kind="talents.nominations") == {waiting.pk, left.pk}
    assert found(kind="talents.nominations", status="staged") == {waiting.pk}
    assert found(left="yes") == {left.pk}
    assert found(q="待提交") == {waiting.pk}
    assert found(subject=waiting.subject) == {waiting.pk, left.pk}


def test_a_batch_whose_round_is_gone_is_listed_all_the_same(client, enter, city):
    enter(Role.HANDLER)
    ImportBatchFactory(
        organization=city, kind="talents.nominations", subject="talents.selectionround:999999"
    )

    (line,) = listed(client).context["lines"]

    assert line.subject == "—"


def test_the_tiles_of_the_desk_open_what_they_count(client, enter, call):
    handler = enter(Role.HANDLER)
    staged(call, sheet_of(call, {}), filename="待提交.xlsx", actor=handler)
    left = staged(call, sheet_of(call, OTHER, {"姓名": ""}), filename="有退回.xlsx")
    imports.commit(left.pk, actor=User.objects.system())

    tiles = {tile.title: tile for tile in client.get("/").context["tiles"]}
    waiting = client.get(tiles["待提交的导入批次"].href).context["lines"]
    refused = client.get(tiles["待更正的退回行"].href).context["lines"]
    filed = client.get(tiles[call.round.name].href).context["page"].rows

    assert len(waiting) == int(tiles["待提交的导入批次"].count) == 1
    assert sum(line.batch.refused_count for line in refused) == 1
    assert tiles["待更正的退回行"].count == "1"
    assert len(filed) == int(tiles[call.round.name].count) == 1
