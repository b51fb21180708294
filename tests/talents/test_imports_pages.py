"""The pages of an import, from the upload to the last refused row."""

import io
import re

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from intake import kinds
from intake import services as imports
from intake.kinds.files import file_of
from intake.models import ImportBatch, ImportRow
from intake.services import staging
from intake.services.originals import hand_out_annotated
from organizations.models import User
from organizations.roles import Role
from talents.models import Nomination
from tests.factories.organizations import account
from tests.factories.workflow import moved
from tests.passwords import with_password
from tests.talents.importing import (
    OTHER_SOUND,
    SOUND,
    call_of_nominations,
    committed,
    roster_for,
    sheet_of,
    staged,
)
from tests.talents.rosters import as_xlsx
from tests.workflow import workbooks
from workflow.models import Record
from workflow.refusals import DomainError

pytestmark = pytest.mark.django_db
TOKEN = re.compile(rb'name="csrfmiddlewaretoken" value="[^"]*"')
WRONG = SOUND[:17] + "8"
OTHER = {"公民身份号码": OTHER_SOUND, "出生年月": ""}


@pytest.fixture(autouse=True)
def _media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def call():
    return call_of_nominations()


@pytest.fixture
def handler(call, client):
    client.force_login(account("handler", call.city))
    return client


OF_FILES = {
    "import-batch": "file",
    "import-progress": "file",
    "import-annotated": "annotated",
    "import-commit": "commit",
    "import-discard": "discard",
    "import-revert": "revert",
    "import-row": "row",
    "import-drop": "drop",
}


def address(name, *args):
    if name == "import":
        return reverse("intake:upload", args=["nominations", *args])
    return reverse(f"intake:{OF_FILES[name]}" if name in OF_FILES else f"talents:{name}", args=args)


def handed_in(client, call, content, name="汇总表.xlsx"):
    file = SimpleUploadedFile(name, content)
    return client.post(address("import", call.round.code), {"file": file})


def row_of(batch, number):
    return ImportRow.objects.get(batch=batch, number=str(number))


def form_of(row, **changes):
    """What the browser sends back from the row's form."""
    cells = dict(zip(kinds.sheet_of(row.batch).keys, row.cells, strict=True))
    return {**cells, "seen": row.fingerprint(), **changes}


def test_the_walk_from_upload_to_the_last_refused_row(call, handler):
    uploaded = handed_in(handler, call, sheet_of(call, {"公民身份号码": WRONG}, OTHER))
    batch = ImportBatch.objects.get()
    assert uploaded.url == address("import-batch", batch.pk)

    preview = handler.get(uploaded.url).content.decode()
    assert "校验位不符" in preview
    assert "提交入库 1 行" in preview
    assert WRONG not in preview

    handler.post(address("import-commit", batch.pk))
    assert Nomination.objects.count() == 1

    row = row_of(batch, 1)
    mending = handler.get(address("import-row", batch.pk, row.line)).content.decode()
    assert "更正并入库" in mending
    assert WRONG not in mending
    mended = handler.post(address("import-row", batch.pk, row.line), form_of(row, identity=SOUND))
    assert mended.url == address("import-batch", batch.pk)
    assert Nomination.objects.count() == 2
    assert "已全部处理完毕" in handler.get(mended.url).content.decode()

    reverted = handler.post(address("import-revert", batch.pk), {"note": "表填错了"})
    assert reverted.url == address("import-batch", batch.pk)
    assert Nomination.objects.count() == 0


def test_the_faults_of_a_file_are_sorted_chosen_and_taken_along_masked(handler, call):
    batch = staged(call, sheet_of(call, {"公民身份号码": WRONG}, OTHER))
    answer = handler.post(reverse("intake:findings-export", args=[batch.pk]))

    sheet = openpyxl.load_workbook(io.BytesIO(b"".join(answer))).active
    told = [str(cell.value) for row in sheet.iter_rows() for cell in row]
    assert [value for value in told if "校验位不符" in value]
    assert not [value for value in told if WRONG in value]
    assert "更正" not in told


def test_the_same_file_twice_leads_to_the_same_batch_and_says_so(call, handler):
    content = sheet_of(call, {})
    first = handed_in(handler, call, content)

    again = handed_in(handler, call, content)

    assert again.url == first.url
    assert "没有任何改变" in handler.get(again.url).content.decode()


def test_a_commit_posted_twice_is_refused_the_second_time(call, handler):
    batch = staged(call, sheet_of(call, {}))
    handler.post(address("import-commit", batch.pk))

    again = handler.post(address("import-commit", batch.pk))

    assert again.status_code == 409
    assert Nomination.objects.count() == 1


@pytest.mark.parametrize("name", workbooks.HOSTILE)
def test_a_hostile_file_is_answered_with_a_sentence(call, handler, name):
    _, filename, build = workbooks.HOSTILE[name]

    answer = handed_in(handler, call, build(), name=filename)

    assert answer.status_code == 422
    assert "请" in answer.content.decode()
    assert not ImportBatch.objects.exists()


def test_posting_without_a_file_is_asked_for_one(call, handler):
    answer = handler.post(address("import", call.round.code), {})

    assert answer.status_code == 422


def test_a_closed_round_takes_no_file(call, handler):
    moved(type(call.round).objects.filter(pk=call.round.pk), "closed")

    assert handler.get(address("import", call.round.code)).status_code == 409
    assert handed_in(handler, call, sheet_of(call, {})).status_code == 409


def test_a_wrong_row_stays_on_its_form_and_says_what_is_left(call, handler):
    batch = staged(call, sheet_of(call, {"公民身份号码": WRONG, "姓名": ""}))
    row = row_of(batch, 1)
    here = address("import-row", batch.pk, row.line)

    answer = handler.post(here, form_of(row, name="曾怡刚"))

    assert answer.url == here
    assert "仍有需要更正之处" in handler.get(here).content.decode()


def test_a_row_corrected_by_somebody_else_meanwhile_is_not_overwritten(call, handler):
    batch = staged(call, sheet_of(call, {"姓名": ""}))
    row = row_of(batch, 1)
    mine = form_of(row, name="曾怡刚")
    imports.correct_row(
        batch.pk, row.line, imports.Correction({"name": "曾怡强"}), actor=User.objects.system()
    )

    answer = handler.post(address("import-row", batch.pk, row.line), mine)

    assert "他人已更正过该行" in answer.content.decode()
    assert row_of(batch, 1).cells[1] == "曾怡强"


def test_a_row_is_dropped_with_a_reason_only(call, handler):
    batch = staged(call, sheet_of(call, {"姓名": ""}, OTHER))
    line = row_of(batch, 1).line

    handler.post(address("import-drop", batch.pk, line), {"note": ""})
    kept = row_of(batch, 1).outcome
    handler.post(address("import-drop", batch.pk, line), {"note": "本人放弃推荐"})

    assert (kept, row_of(batch, 1).outcome) == ("pending", "dropped")
    assert "本人放弃推荐" in handler.get(address("import-batch", batch.pk)).content.decode()


def test_giving_a_file_up_is_asked_about_and_says_what_stays(call, handler):
    batch = staged(call, sheet_of(call, {}))

    asked = handler.get(address("import-discard", batch.pk)).content.decode()

    batch.refresh_from_db()
    assert batch.status == "staged"
    assert "读出的1行和已在线更正的内容删除，不入库" in asked
    assert "原件加密留存" in asked


def test_what_is_filed_is_not_given_up_any_more(call, handler):
    batch = staged(call, sheet_of(call, {}, {"公民身份号码": WRONG}))
    before = handler.get(address("import-batch", batch.pk)).content.decode()
    handler.post(address("import-commit", batch.pk))

    page = handler.get(address("import-batch", batch.pk)).content.decode()
    answer = handler.get(address("import-discard", batch.pk))

    assert address("import-discard", batch.pk) in before
    assert address("import-discard", batch.pk) not in page
    assert answer.status_code == 409
    assert "已入库，不能再放弃" in answer.content.decode()


def test_discarding_leads_back_to_the_round(call, handler):
    batch = staged(call, sheet_of(call, {}))

    answer = handler.post(address("import-discard", batch.pk))

    assert answer.url == address("round", call.round.code)


def test_the_annotated_original_leaves_on_record(call, handler):
    handed_in(handler, call, sheet_of(call, {"公民身份号码": WRONG}))
    batch = ImportBatch.objects.get()

    looked = handler.get(address("import-annotated", batch.pk))
    unlocked_desk = handler.post(address("import-annotated", batch.pk), {"note": "发回单位更正"})
    with_password(handler)
    blank = handler.post(address("import-annotated", batch.pk), {"note": ""})
    before = Record.objects.filter(kind="export").count()
    answer = handler.post(address("import-annotated", batch.pk), {"note": "发回单位更正"})

    assert before == 0
    assert not any(a.content.startswith(b"PK") for a in (looked, unlocked_desk, blank))
    assert answer.content.startswith(b"PK")
    assert "%E6%89%B9%E6%B3%A8" in answer["Content-Disposition"]
    record = Record.objects.get(kind="export", action="下载批注版")
    assert record.note == "发回单位更正"


@pytest.mark.parametrize("role", [Role.APPROVER, Role.AUDITOR])
def test_who_does_not_import_is_offered_no_original(call, client, role):
    batch = staged(call, sheet_of(call, {}))
    client.force_login(account(role, call.city))

    page = client.get(address("import-batch", batch.pk)).content.decode()

    assert "下载批注版" not in page
    assert "下载原件" not in page
    assert client.get(address("import-annotated", batch.pk)).status_code == 403
    with pytest.raises(DomainError, match="未遮盖的身份号码"):
        hand_out_annotated(file_of(batch), reader=account(role, call.city), reason="发回单位更正")


def test_a_big_file_shows_its_progress_and_can_be_left_alone(call, handler, monkeypatch, settings):
    settings.INLINE_JOBS = False
    monkeypatch.setattr(staging, "MOST_ROWS_INLINE", 10)

    answer = handed_in(handler, call, as_xlsx(roster_for(call, 1, 30)))

    batch = ImportBatch.objects.get()
    page = handler.get(answer.url).content.decode()
    assert batch.status == "reading"
    assert address("import-progress", batch.pk) in page
    assert "排队中" in page
    assert handler.get(address("import-progress", batch.pk)).status_code == 200


def test_faults_are_found_by_kind_and_by_severity(call, handler):
    batch = staged(call, sheet_of(call, {"公民身份号码": WRONG, "专利成果数": "若干"}, OTHER))
    here = address("import-batch", batch.pk)

    def shown(**query):
        page = handler.get(here, query).content.decode()
        return ("校验位不符，说明" in page, "不是整数" in page)

    assert shown() == (True, True)
    assert shown(severity="error") == (True, False)
    assert shown(code="number-unreadable") == (False, True)
    assert shown(code="no-such-code") == (True, True)


@pytest.mark.parametrize("count", [1, 50])
@pytest.mark.parametrize("state", ["staged", "committed"])
def test_the_batch_page_asks_the_same_for_one_row_and_for_fifty(
    call, handler, count, state, django_assert_num_queries
):
    faulty = [{"公民身份号码": WRONG, "专利成果数": "若干"}] * count
    make = staged if state == "staged" else committed
    batch = make(call, sheet_of(call, *faulty, {}))
    handler.get(address("import-batch", batch.pk))

    # one counts what was read, one the notices, one the rounds the reader is a candidate of; what was
    # committed is set against places, by five more
    with django_assert_num_queries({"staged": 11, "committed": 16}[state]):
        page = handler.get(address("import-batch", batch.pk))

    assert page.status_code == 200


@pytest.mark.parametrize("name", ["import-batch", "import-progress", "import-annotated"])
def test_another_bodys_batch_and_an_absent_one_look_the_same(call, client, name):
    batch = staged(call, sheet_of(call, {}), organization=call.districts[0])
    client.force_login(account("handler", call.districts[1]))

    foreign, absent = (client.get(address(name, pk)) for pk in (batch.pk, 987654))

    assert (foreign.status_code, absent.status_code) == (404, 404)
    assert TOKEN.sub(b"", foreign.content) == TOKEN.sub(b"", absent.content)


def test_an_auditor_looks_and_finds_no_button(call, client):
    batch = staged(call, sheet_of(call, {"姓名": ""}, OTHER))
    client.force_login(account("auditor", call.city))

    page = client.get(address("import-batch", batch.pk)).content.decode()

    assert "没有填写姓名" in page
    for name in ("import-commit", "import-discard", "import-revert"):
        assert address(name, batch.pk) not in page
    assert client.post(address("import-commit", batch.pk)).status_code == 403


def test_a_nominator_hands_in_for_the_own_unit_and_others_are_unknown(call, client):
    client.force_login(account("nominator", call.units[0]))
    foreign = {"工作单位": call.units[2].name, "统一社会信用代码": call.units[2].uscc}

    handed_in(client, call, sheet_of(call, {}, {**OTHER, **foreign}))

    batch = ImportBatch.objects.get()
    assert batch.organization == call.units[0]
    assert list(batch.findings.values_list("number", "code")) == [("2", "unknown-organization")]


def test_who_serves_two_units_says_for_which(call, client):
    user = account("nominator", call.units[0])
    user.memberships.create(organization=call.units[2], role="nominator", valid_from="2020-01-01")
    client.force_login(user)
    file = SimpleUploadedFile("a.xlsx", sheet_of(call, {}))

    asked = client.get(address("import", call.round.code)).content.decode()
    client.post(
        address("import", call.round.code), {"file": file, "organization": call.units[2].pk}
    )

    assert "为哪个组织提交" in asked
    assert ImportBatch.objects.get().organization == call.units[2]
