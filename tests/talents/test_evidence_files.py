"""Papers of a nomination: put in by kind, asked for by kind of person, taken out on record."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from organizations.models import User
from organizations.roles import Role
from talents.models import Nomination, Paper, SelectionRound
from talents.services.evidence import MOST_KEPT, put_in, take_out
from talents.services.nominations import restore_nomination, withdraw_nomination
from talents.services.rounds import set_requirements
from talents.services.scans import Scan
from talents.workflow import confirm_chosen, confirm_nomination
from talents.workflow.endorsing import submit_nomination
from tests.factories.endorsing import SCAN, levelled_round, on_its_way, paper_of
from tests.factories.organizations import OrganizationFactory, account, with_child
from tests.factories.talents import RoundFactory, eligible_nomination
from workflow.models import Record
from workflow.refusals import DomainError

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.4 minutes of the congress"


@pytest.fixture
def city():
    return OrganizationFactory(kind="city")


@pytest.fixture
def unit(city):
    return with_child(city, "unit")


@pytest.fixture
def filer(unit):
    return account(Role.NOMINATOR, unit)


@pytest.fixture
def nomination(city, unit):
    return eligible_nomination(round=levelled_round(city), unit=unit)


def upload(client, nomination, kind="minutes", content=PDF, name="职代会纪要.pdf"):
    address = reverse("talents:evidence-new", args=[nomination.pk])
    file = SimpleUploadedFile(name, content)
    return client.post(
        address, {"kind": kind, "told": "2026年3月职代会", "scan": file}, follow=True
    )


def test_the_unit_puts_minutes_in_and_takes_the_very_bytes_out_again(client, nomination, filer):
    client.force_login(filer)

    page = upload(client, nomination).content.decode()

    assert "材料已上传" in page
    assert "职代会纪要.pdf" in page
    paper = Paper.objects.get()
    answer = client.get(reverse("talents:evidence-file", args=[paper.pk]))
    assert answer.content == PDF
    assert answer["Content-Disposition"].startswith("attachment")


@pytest.mark.parametrize(
    ("content", "words"),
    [(b"MZ program", "应是PDF、JPG或PNG文件"), (b"", "应不为空、不超过5 MB")],
)
def test_what_is_no_scan_is_refused_at_its_field(client, nomination, filer, content, words):
    client.force_login(filer)
    page = upload(client, nomination, content=content).content.decode()
    assert words in page
    assert not Paper.objects.exists()


def test_the_same_file_of_the_same_kind_is_taken_once(nomination, filer):
    paper_of(nomination)
    with pytest.raises(DomainError) as refused:
        put_in(nomination.pk, kind="minutes", told="", scan=SCAN, actor=filer)
    assert refused.value.code == "evidence-twice"
    put_in(nomination.pk, kind="practice", told="", scan=SCAN, actor=filer)
    assert Paper.objects.count() == 2


def test_a_candidate_is_no_archive(nomination, filer):
    for at in range(MOST_KEPT):
        paper_of(nomination, content=Scan(PDF + bytes([at]), f"{at}.pdf"))
    with pytest.raises(DomainError) as refused:
        put_in(nomination.pk, kind="honour", told="", scan=SCAN, actor=filer)
    assert refused.value.code == "too-many-papers"


def test_a_paper_is_taken_out_for_a_reason_that_stays_on_record(nomination, filer):
    paper = paper_of(nomination)
    with pytest.raises(DomainError):
        take_out(paper.pk, note="", actor=filer)
    take_out(paper.pk, note="传错了文件", actor=filer)
    assert not Paper.objects.exists()
    record = Record.objects.get(code="talents.evidence-taken-out")
    assert record.note == "职代会纪要：传错了文件"
    assert record.before["sha256"] == paper.file.sha256


def test_another_unit_neither_sees_nor_puts_in(client, city, nomination):
    stranger = account(Role.NOMINATOR, with_child(city, "unit"))
    paper = paper_of(nomination)
    client.force_login(stranger)
    assert client.get(reverse("talents:evidence-file", args=[paper.pk])).status_code == 404
    assert upload(client, nomination).status_code == 404


def test_what_was_handed_in_is_not_added_to(city, unit, filer):
    nomination = on_its_way(levelled_round(city), unit)
    submit_nomination(nomination.pk, note="同意推荐", actor=filer)
    with pytest.raises(DomainError) as refused:
        put_in(nomination.pk, kind="minutes", told="", scan=SCAN, actor=filer)
    assert refused.value.code == "nomination-submitted"


class TestWhatARoundAsksFor:
    @pytest.fixture
    def asked(self, city, unit):
        """Minutes of everybody, of heads of units an audit too."""
        selection = levelled_round(city)
        set_requirements(
            selection.pk,
            composition={},
            papers={"everybody": ["minutes"], "head": ["audit"]},
            actor=account(Role.HANDLER, city),
            note="按轮次通知规定",
        )
        return selection

    @pytest.fixture(
        params=[
            ("worker", [], "职代会纪要"),
            ("head", ["minutes"], "审计、纪检意见"),
            ("head", [], "职代会纪要、审计、纪检意见"),
        ]
    )
    def case(self, request):
        return request.param

    def test_the_unit_does_not_hand_in_without(self, asked, unit, filer, case):
        category, there, missing = case
        nomination = on_its_way(asked, unit, category=category)
        for kind in there:
            paper_of(nomination, kind)
        with pytest.raises(DomainError) as refused:
            submit_nomination(nomination.pk, note="同意推荐", actor=filer)
        assert refused.value.code == "papers-missing"
        assert f"还缺：{missing}；" in str(refused.value)

    def test_with_them_it_does(self, asked, unit, filer):
        nomination = on_its_way(asked, unit, category="worker")
        paper_of(nomination)
        submit_nomination(nomination.pk, note="同意推荐", actor=filer)


def test_who_withdraws_and_restores_has_the_papers_again(city, unit, filer):
    nomination = eligible_nomination(round=levelled_round(city), unit=unit)
    paper = paper_of(nomination)
    record = withdraw_nomination(nomination.pk, actor=filer, reason="填错了人")
    assert not Nomination.objects.exists()

    restore_nomination(record.pk, actor=filer)

    again = Paper.objects.get()
    assert (again.kind, again.file, again.uploaded_by) == (
        "minutes", paper.file, User.objects.system(),
    )  # fmt: skip


class TestWithoutLevels:
    """A round that the organizer confirms directly asks for the same papers, one by one and together."""

    @pytest.fixture
    def asked(self, city):
        selection = RoundFactory(organizer=city)
        set_requirements(
            selection.pk,
            composition={},
            papers={"everybody": ["minutes"], "head": ["audit"]},
            actor=account(Role.HANDLER, city),
            note="按轮次通知规定",
        )
        selection.refresh_from_db()
        return selection

    def candidates(self, asked, unit, check):
        """A worker and a head with all papers, a head short of the audit, one of no category with none."""
        rows = {
            "worker": (["minutes"], "worker"),
            "head": (["minutes", "audit"], "head"),
            "short": (["minutes"], "head"),
            "none": ([], ""),
        }
        made = {}
        for name, (papers, category) in rows.items():
            made[name] = eligible_nomination(round=asked, unit=unit, category=category)
            for kind in papers:
                paper_of(made[name], kind)
        check(asked)
        return made

    def test_one_is_confirmed_with_its_papers_only_and_is_told_which_are_missing(
        self, asked, city, unit, check
    ):
        made, staff = self.candidates(asked, unit, check), account(Role.APPROVER, city)

        confirm_nomination(made["head"].pk, actor=staff)
        refusals = {}
        for name in ("short", "none"):
            with pytest.raises(DomainError) as refused:
                confirm_nomination(made[name].pk, actor=staff)
            refusals[name] = (refused.value.code, refused.value.message)

        assert refusals["short"][0] == refusals["none"][0] == "papers-missing"
        assert "还缺：审计、纪检意见；" in refusals["short"][1]
        assert "还缺：职代会纪要；" in refusals["none"][1]

    def test_of_many_chosen_those_short_of_papers_are_left(self, asked, city, unit, check):
        made, staff = self.candidates(asked, unit, check), account(Role.APPROVER, city)

        done = confirm_chosen(asked.pk, [row.pk for row in made.values()], actor=staff)

        assert set(done.confirmed) == {made["worker"].pk, made["head"].pk}
        assert {pk: refusal.code for pk, refusal in done.refused.items()} == {
            made["short"].pk: "papers-missing",
            made["none"].pk: "papers-missing",
        }

    def test_the_approver_sees_how_many_wait_for_papers_and_the_form_says_which(
        self, asked, unit, check, client
    ):
        self.candidates(asked, unit, check)
        client.force_login(account(Role.APPROVER, asked.organizer))
        ready = client.get(reverse("talents:round-confirm", args=[asked.code])).content.decode()
        client.force_login(account(Role.NOMINATOR, unit))
        form = client.get(reverse("talents:nomination-new", args=[asked.code])).content.decode()

        assert "2 名合格人选须报材料不齐" in ready
        assert "<dt>单位负责人</dt><dd>审计、纪检意见</dd>" in form

    def test_what_the_policy_names_is_told_until_the_organizer_says(self, city, client):
        selection = RoundFactory(organizer=city)
        client.force_login(account(Role.HANDLER, city))
        address = reverse("talents:composition", args=[selection.code])

        before = client.get(address).content.decode()
        selection.refresh_from_db()
        untouched = selection.required_papers
        SelectionRound.objects.update(required_papers={"head": ["audit"]})
        after = client.get(address).content.decode()

        assert "政策列明的材料：职代会纪要" in before
        assert not any(_boxes(before).values())
        assert "政策列明的材料" not in after
        assert untouched == {}


def _boxes(page):
    """Which papers are ticked for everybody."""
    tags = re.findall(r'<input type="checkbox" name="papers-everybody"[^>]*>', page)
    return {re.search(r'value="(\w+)"', tag)[1]: "checked" in tag for tag in tags}
