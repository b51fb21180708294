"""The record cannot be changed unnoticed: not by the application, not by the owner of the tables."""

import hashlib
import json
from datetime import UTC
from io import StringIO

import psycopg
import pytest
from django.core.management import call_command
from django.db import IntegrityError, ProgrammingError, connection, transaction
from django.db.models import TextField
from django.db.models.functions import Cast

from tests.factories.organizations import OrganizationFactory, UserFactory, with_child
from tests.factories.workflow import AttachmentFactory, record
from workflow.models import Record
from workflow.records import anchors
from workflow.records.canonical import record_sql
from workflow.refusals import DomainError

pytestmark = pytest.mark.usefixtures("no_policies")
APPEND_ONLY, NOT_ALLOWED = "JX001", "42501"


@pytest.fixture
def anchor_place(settings, tmp_path):
    settings.ANCHOR_ROOT = tmp_path / "anchors"


def verify():
    """Exit code and words of ``manage.py verify``."""
    out, err = StringIO(), StringIO()
    try:
        call_command("verify", stdout=out, stderr=err)
    except SystemExit as end:
        return end.code, err.getvalue()
    return 0, out.getvalue()


def as_owner(*statements):
    """Run statements as the owner of the tables with its own triggers switched off."""
    place = connection.settings_dict
    with psycopg.connect(
        host=place["HOST"], dbname=place["NAME"], user="jiangjie_owner", autocommit=True
    ) as owner:
        owner.execute("alter table workflow_record disable trigger user")
        try:
            for statement in statements:
                owner.execute(statement)
        finally:
            owner.execute("alter table workflow_record enable trigger user")


@pytest.fixture
def chain(transactional_db, anchor_place):
    """Five records of one body, two of another."""
    nation = OrganizationFactory(kind="national")
    city = with_child(nation, "city")
    district = with_child(city, "district")
    for number in range(5):
        record(city, action=f"办理{number}", note=f"第{number}次", after={"数量": number})
    for _ in range(2):
        record(with_child(district, "unit"), action="下级办理")
    UserFactory()
    return list(Record.objects.filter(organization=city).order_by("sequence"))


def rehash(sequence):
    """SQL that gives a link of the first chain the hash its altered content deserves."""
    return f"""
        update workflow_record r set hash = sha256(convert_to({record_sql("r")}, 'UTF8'))
        where r.sequence = {sequence} and r.chain = (select min(chain) from workflow_record)
    """


def relink(sequence):
    return f"""
        update workflow_record r set previous_hash = p.hash from workflow_record p
        where p.chain = r.chain and p.sequence = r.sequence - 1 and r.sequence = {sequence}
          and r.chain = (select min(chain) from workflow_record)
    """


def test_an_untouched_record_is_verified(chain):
    code, words = verify()

    assert code == 0
    assert "2 条链，7 条记录" in words


def test_what_was_verified_is_written_as_json(chain, tmp_path):
    sound, broken = tmp_path / "sound.json", tmp_path / "broken.json"
    call_command("verify", json=str(sound), stdout=StringIO())
    as_owner("update workflow_record set note = '改' where sequence = 2")
    with pytest.raises(SystemExit):
        call_command("verify", json=str(broken), stderr=StringIO())

    found = json.loads(sound.read_text()), json.loads(broken.read_text())
    assert {key: found[0][key] for key in ("chains", "records", "breaks", "code")} == {
        "chains": 2, "records": 7, "breaks": [], "code": None,
    }  # fmt: skip
    assert found[1]["code"] == "record-broken"
    assert len(found[1]["breaks"]) == 2
    assert found[1]["message"] == "核验未通过：2 处断裂"


def test_an_empty_record_is_verified(db, anchor_place):
    assert verify()[0] == 0


def test_a_link_is_the_hash_of_what_the_document_says_it_is(chain):
    """Recomputed here without the database, as an outside auditor would."""
    previous = b""
    for row in chain:
        texts = {side: Cast(side, TextField()) for side in ("before", "after")}
        before, after = Record.objects.values_list(*texts.values()).get(pk=row.pk)
        parts = [
            row.chain, row.sequence, row.kind, row.subject, row.organization_id or "", row.code,
            row.action, row.source, row.target, before, after, row.note, row.actor_id,
            f"{row.at.astimezone(UTC):%Y-%m-%dT%H:%M:%S.%f}",
            previous.hex(),
        ]  # fmt: skip
        text = "".join(f"{len(str(part).encode())}:{part}," for part in parts)
        assert bytes(row.hash) == hashlib.sha256(text.encode()).digest()
        previous = bytes(row.hash)


@pytest.mark.parametrize(
    ("statements", "place", "problem"),
    [
        (["update workflow_record set note = '改写' where sequence = 3 and chain = {c}"], 3, "内容与哈希不符"),
        (["update workflow_record set actor_id = (select max(id) from organizations_user) where sequence = 2 and chain = {c}"],
         2, "内容与哈希不符"),
        (["update workflow_record set at = at - interval '1 day' where sequence = 4 and chain = {c}"],
         4, "内容与哈希不符"),
        (["delete from workflow_record where sequence = 3 and chain = {c}"], 4, "有记录缺失"),
        (["delete from workflow_record where sequence = 5 and chain = {c}"], 4, "链尾与链头不符"),
        (["delete from workflow_record where chain = {c}"], 0, "链尾与链头不符"),
        (["update workflow_record set sequence = 99 where sequence = 2 and chain = {c}",
          "update workflow_record set sequence = 2 where sequence = 3 and chain = {c}",
          "update workflow_record set sequence = 3 where sequence = 99 and chain = {c}"],
         2, "内容与哈希不符"),
        (["update workflow_record set note = '改写' where sequence = 3 and chain = {c}", rehash(3)],
         4, "衔接不上"),
        ([("update workflow_record set action = action || left(note, 1), note = substr(note, 2)"
          " where sequence = 3 and chain = {c}")], 3, "内容与哈希不符"),
    ],
    ids=("edited", "another actor", "another time", "deleted", "tail cut", "chain deleted",
         "swapped", "edited and rehashed", "bytes moved to the next field"),
)  # fmt: skip
def test_a_change_is_found_and_its_place_named(chain, statements, place, problem):
    first = f"'{chain[0].chain}'"

    as_owner(*(statement.replace("{c}", first) for statement in statements))

    code, words = verify()
    assert code == 1
    assert f"链“{chain[0].chain}”第 {place} 条" in words
    assert problem in words


def test_a_chain_rewritten_to_its_end_passes_inside_the_database(chain):
    """The control: this is what the anchors outside are for."""
    rewrite(chain)

    assert verify()[0] == 0


def rewrite(chain):
    """Alter a link, and give everything after it, and the head, the hashes that belong to it."""
    links = [sql for number in range(3, 6) for sql in (relink(number), rehash(number))]
    as_owner(
        f"update workflow_record set note = '改写' where sequence = 3 and chain = '{chain[0].chain}'",
        *links,
        """update workflow_chainhead h set hash = r.hash from workflow_record r
           where r.chain = h.chain and r.sequence = h.sequence""",
    )


def test_an_anchor_outside_shows_a_chain_rewritten_to_its_end(chain):
    anchors.write()

    rewrite(chain)

    code, words = verify()
    assert code == 1
    assert f"链“{chain[0].chain}”第 5 条" in words
    assert "外部锚点" in words


def test_an_anchor_outside_shows_a_tail_cut_together_with_its_head(chain):
    anchors.write()
    cut = f"chain = '{chain[0].chain}'"

    as_owner(
        f"delete from workflow_record where sequence = 5 and {cut}",
        f"""update workflow_chainhead set sequence = 4, hash = (
            select hash from workflow_record where sequence = 4 and {cut}) where {cut}""",
    )

    code, words = verify()
    assert code == 1
    assert "外部锚点记载的记录已不存在" in words


def test_an_anchor_cut_off_by_a_crash_is_named_and_the_next_one_stands(chain):
    anchors.write()
    file = next(anchors.folder().glob("*.jsonl"))
    file.write_bytes(file.read_bytes()[:-20])
    anchors.write()

    code, words = verify()

    assert code == 1
    assert "锚点文件的这一行残缺" in words
    assert words.count("残缺") == 1


def test_anchors_of_an_untouched_record_agree(chain):
    anchors.write()
    record(chain[0].organization, action="后来的办理")
    anchors.write()

    assert verify()[0] == 0


@pytest.mark.parametrize(
    "statement",
    [
        "update workflow_record set note = 'x'",
        "delete from workflow_record",
        "truncate workflow_record",
    ],
)
def test_the_application_may_neither_change_nor_delete_a_record(chain, statement):
    with pytest.raises(ProgrammingError) as refusal, transaction.atomic():
        connection.cursor().execute(statement)

    assert refusal.value.__cause__.sqlstate == NOT_ALLOWED


@pytest.mark.parametrize(
    "statement",
    ["update workflow_record set note = 'x'", "delete from workflow_record",
     "truncate workflow_record", "truncate workflow_chainhead"],
)  # fmt: skip
def test_the_owner_is_told_that_the_record_is_append_only(chain, statement):
    place = connection.settings_dict
    with (
        psycopg.connect(host=place["HOST"], dbname=place["NAME"], user="jiangjie_owner") as owner,
        pytest.raises(psycopg.Error) as refusal,
    ):
        owner.execute(statement)

    assert refusal.value.sqlstate == APPEND_ONLY


@pytest.mark.parametrize(
    "statement",
    ["update workflow_chainhead set sequence = 0", "delete from workflow_chainhead",
     "insert into workflow_chainhead (chain, sequence, hash) values ('x', 1, '')",
     "truncate workflow_chainhead"],
)  # fmt: skip
def test_the_application_cannot_write_the_heads(chain, statement):
    with pytest.raises(ProgrammingError) as refusal, transaction.atomic():
        connection.cursor().execute(statement)

    assert refusal.value.__cause__.sqlstate == NOT_ALLOWED


def test_the_application_cannot_switch_the_guards_off(chain):
    for statement in (
        "set session_replication_role = replica",
        "alter table workflow_record disable trigger user",
    ):
        with pytest.raises(ProgrammingError) as refusal, transaction.atomic():
            connection.cursor().execute(statement)
        assert refusal.value.__cause__.sqlstate == NOT_ALLOWED


def test_what_the_writer_says_about_order_time_and_hash_is_ignored(chain):
    row = Record.objects.create(
        chain=chain[0].chain, sequence=1, hash=b"forged", previous_hash=b"forged",
        kind=Record.Kind.CHANGE, subject="tests.thing:1", code="tests.forged", action="伪造", actor=chain[0].actor,
        at="2001-01-01T00:00Z",
    )  # fmt: skip
    row.refresh_from_db()

    assert (row.sequence, bytes(row.previous_hash)) == (6, bytes(chain[-1].hash))
    assert row.at.year > 2001
    assert verify()[0] == 0


def test_a_record_of_a_rolled_back_change_leaves_no_gap(chain):
    with transaction.atomic():
        record(chain[0].organization, action="未成")
        transaction.set_rollback(True)
    record(chain[0].organization, action="办成")

    assert verify()[0] == 0


def test_numbers_of_persons_in_texts_and_file_names_are_masked_before_they_stand_for_ever(chain):
    number, phone = "11010519491231002X", "13812345678"
    organization = chain[0].organization

    kept = record(
        organization,
        note=f"见{number}",
        before={"title": f"张三 {phone}"},
        after={"filename": f"{number}.xlsx", "lines": [{"words": f"电话{phone}"}], "rows": 3},
    )

    said = f"{kept.note}{kept.before}{kept.after}"
    assert number not in said
    assert phone not in said
    assert kept.after["rows"] == 3
    assert AttachmentFactory(organization=organization, filename=f"{number}.csv").filename == (
        "110105********.csv"
    )


def test_signs_that_nobody_sees_do_not_get_into_a_record(chain):
    with pytest.raises(DomainError, match="控制字符"):
        record(chain[0].organization, note="同意\x1f")
    with pytest.raises(DomainError, match="控制字符"):
        record(chain[0].organization, after={"lines": [{"name": "张\x07三"}]})
    with pytest.raises(IntegrityError, match="record_has_no_control_characters"):
        Record.objects.create(
            chain="x", kind=Record.Kind.CHANGE, subject="tests.thing:1", code="tests.done",
            action="办理\x1b[2J", actor=chain[0].actor,
        )  # fmt: skip
