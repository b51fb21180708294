"""Patents, 四技 and 五小 results: once by number, with who made them and their paper; and the sheet that brings them."""

import csv
import io
import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from intake import services as imports
from intake.models import ImportBatch
from organizations.models import User
from organizations.roles import Role
from talents.models import ActionEntry, Person
from talents.rules.patents import bare_number, check_sign, patent_problem
from talents.services.actions import add_partner, withdraw_entry
from tests.factories.actions import DAY, assessing, patent_of, seed_of
from tests.factories.filings import identity_number
from tests.factories.organizations import OrganizationFactory, account, with_child
from tests.factories.talents import PersonFactory
from workflow.refusals import DomainError

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.4 certificate"
SOUND = "ZL200310102344.5"  # the example of ZC 0006—2003


@pytest.fixture
def city():
    return OrganizationFactory(kind="city", code="YT", name="烟台市总工会")


@pytest.fixture
def plant(city):
    return with_child(city, "unit", name="烟台机械示例公司", code="YT-01")


class TestTheNumber:
    @pytest.mark.parametrize(
        "typed", [SOUND, "zl 2003 1010 2344.5", "ＺＬ２００３１０１０２３４４．５", "2003101023445"]
    )
    def test_is_read_however_it_is_typed(self, typed):
        assert bare_number(typed) == "2003101023445"
        assert patent_problem(typed, "inventive") == ""

    def test_of_eight_digits_was_built_alike(self):
        old = "02123456"
        assert patent_problem(f"ZL{old}.{check_sign(old)}", "inventive") == ""

    @pytest.mark.parametrize(
        ("typed", "sort", "words"),
        [
            ("", "inventive", "专利号应为"),
            ("ZL2003101023.5", "inventive", "专利号应为"),
            ("ZL200310102344.6", "inventive", "校验位不对"),
            ("ZL200310102354.5", "inventive", "校验位不对"),
            (SOUND, "utility", "种类与所选类别不一致"),
            (SOUND, "appearance", "种类与所选类别不一致"),
        ],
    )
    def test_is_refused_in_words(self, typed, sort, words):
        assert words in patent_problem(typed, sort)

    def test_of_the_international_way_is_the_same_kind(self):
        digits = "201990012345"
        assert patent_problem(f"{digits}.{check_sign(digits)}", "utility") == ""
        assert "不一致" in patent_problem(f"{digits}.{check_sign(digits)}", "inventive")


class TestAPatent:
    def test_stands_once_by_its_number_until_it_is_withdrawn(self, plant):
        entry = patent_of(plant)
        with pytest.raises(IntegrityError, match="patent_once_by_number"), transaction.atomic():
            patent_of(plant)
        withdraw_entry(entry.pk, note="专利权人有误", actor=account(Role.NOMINATOR, plant))
        assert patent_of(plant).pk != entry.pk

    @pytest.mark.parametrize(
        "wrong", [{"person": None}, {"document_number": ""}, {"sort": "joint"}]
    )
    def test_without_whose_it_is_or_its_number_is_no_patent(self, plant, wrong):
        with (
            pytest.raises(IntegrityError, match="action_entry_fits_its_kind"),
            transaction.atomic(),
        ):
            patent_of(plant, **wrong)

    def test_entered_here_is_never_deleted(self, plant):
        entry = patent_of(plant)
        with (
            pytest.raises(Exception, match="不能删除"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute("delete from talents_actionentry where id = %s", [entry.pk])
        assert ActionEntry.objects.filter(pk=entry.pk).exists()

    def test_has_its_makers_in_order_each_once(self, plant):
        entry, actor = patent_of(plant), account(Role.NOMINATOR, plant)
        second = add_partner(
            entry.pk, identity=identity_number(41), person={"name": "钱二"}, actor=actor
        )
        third = add_partner(
            entry.pk, identity=identity_number(42), person={"name": "孙三"}, actor=actor
        )
        assert (second.place, third.place) == (2, 3)
        with pytest.raises(DomainError, match="已是这项成果的完成人"):
            add_partner(
                entry.pk, identity=identity_number(41), person={"name": "钱二"}, actor=actor
            )

    def test_is_made_by_its_first_once_only(self, plant, client):
        first = identity_number(43)
        client.force_login(account(Role.NOMINATOR, plant))
        client.post(reverse("talents:action-new"), _sent(plant, identity=first))
        entry = ActionEntry.objects.get()
        sent = {"identity": first, "name": "孙小巧"}
        page = client.post(reverse("talents:action-partner", args=[entry.pk]), sent)
        assert "此人已登记为第一完成人" in page.content.decode()
        assert not entry.partners.exists()

    def test_what_is_no_result_takes_neither_makers_nor_paper(self, plant, client):
        client.force_login(account(Role.NOMINATOR, plant))
        seed = seed_of(plant)
        for name in ("talents:action-partner", "talents:action-evidence"):
            assert (
                "只登记在专利、四技、五小成果"
                in client.get(reverse(name, args=[seed.pk])).content.decode()
            )


def _sent(plant, **other):
    return {
        "kind": "patent", "sort": "inventive", "organization": plant.pk, "told": "焊缝跟踪装置",
        "document_number": SOUND, "held_on": str(DAY), "identity": identity_number(44),
        "name": "孙小巧",
    } | other  # fmt: skip


class TestThePages:
    def test_a_patent_is_entered_with_its_certificate_and_opened_from_the_passport(
        self, client, plant
    ):
        client.force_login(account(Role.NOMINATOR, plant))
        scan = SimpleUploadedFile("专利证书.pdf", PDF)

        page = client.post(
            reverse("talents:action-new"), _sent(plant, scan=scan), follow=True
        ).content.decode()

        entry = ActionEntry.objects.get()
        assert entry.document_number == "2003101023445"
        assert SOUND in page
        passport = reverse("talents:passport", args=[entry.person_id])
        paper = reverse("talents:action-scan", args=[entry.pk])
        told = client.get(passport).content.decode()
        assert "专利、四技、五小成果" in told
        assert f'href="{paper}"' in told
        assert f'href="{reverse("talents:action", args=[entry.pk])}"' in told
        assert client.get(paper).content == PDF

    def test_who_made_it_with_others_has_it_on_their_passport_too(self, client, plant):
        entry, actor = patent_of(plant), account(Role.NOMINATOR, plant)
        client.force_login(actor)
        somebody = PersonFactory(organization=plant)
        assert (
            "焊缝跟踪装置"
            not in client.get(reverse("talents:passport", args=[somebody.pk])).content.decode()
        )
        entry.partners.create(person=somebody, place=2)

        told = client.get(reverse("talents:passport", args=[somebody.pk])).content.decode()

        assert "焊缝跟踪装置" in told
        assert "参与完成" in told

    def test_the_paper_is_put_in_later_once(self, client, plant):
        client.force_login(account(Role.NOMINATOR, plant))
        entry = patent_of(plant)
        own = reverse("talents:action-evidence", args=[entry.pk])
        assert (
            reverse("talents:action-scan", args=[entry.pk])
            not in client.get(reverse("talents:action", args=[entry.pk])).content.decode()
        )
        wrong = client.post(own, {"scan": SimpleUploadedFile("证书.doc", b"doc")})
        assert "扫描件应是PDF" in wrong.content.decode()
        client.post(own, {"scan": SimpleUploadedFile("证书.pdf", PDF)})
        entry.refresh_from_db()
        assert entry.scan.filename == "证书.pdf"
        again = client.post(own, {"scan": SimpleUploadedFile("另.pdf", PDF + b"2")})
        assert "不能更换" in again.content.decode()

    @pytest.mark.parametrize(
        ("wrong", "words"),
        [
            ({"identity": ""}, "登记专利须填公民身份号码"),
            ({"sort": "design"}, "专利须写明是发明专利"),
            ({"document_number": "ZL200310102344.6"}, "校验位不对"),
            ({"kind": "four", "sort": "joint", "identity": ""}, "登记四技成果须填公民身份号码"),
        ],
    )
    def test_what_does_not_fit_is_said_at_its_field(self, client, plant, wrong, words):
        client.force_login(account(Role.NOMINATOR, plant))
        page = client.post(reverse("talents:action-new"), _sent(plant, **wrong)).content.decode()
        assert words in page
        assert not ActionEntry.objects.exists()

    def test_the_same_number_again_is_refused_in_words(self, client, plant):
        client.force_login(account(Role.NOMINATOR, plant))
        patent_of(plant)
        page = client.post(reverse("talents:action-new"), _sent(plant)).content.decode()
        assert "这件专利已登记，一个专利号只登记一次" in page


HEADINGS = (
    "序号", "种类", "类别", "姓名", "公民身份号码", "单位（院校）", "名称（说明）", "编号（文号）", "日期",
)  # fmt: skip


class TestTheSheet:
    def row(self, number, kind="种子工匠", sort="职业院校学生", **other):
        facts = {
            "number": str(number), "kind": kind, "sort": sort, "name": f"学员{'甲乙丙丁戊己庚辛'[number % 8]}",
            "identity": identity_number(60 + number), "organization": "烟台机械示例公司",
            "told": "实训基地，导师王工", "document_number": "", "held_on": "2025年5月8日",
        }  # fmt: skip
        return list((facts | other).values())

    def take_in(self, rows, folder, **options):
        file, report = folder / "登记表.csv", folder / "report.json"
        text = io.StringIO()
        csv.writer(text).writerows([HEADINGS, *rows])
        file.write_text(text.getvalue(), "utf-8")
        call_command("import_actions", str(file), json=str(report), stdout=io.StringIO(), **options)
        return json.loads(report.read_text("utf-8"))

    def test_brings_seeds_results_and_own_assessment_with_the_people_they_are_about(
        self, plant, tmp_path
    ):
        report = self.take_in(
            [
                self.row(1),
                self.row(2, "种子", "新入职一线工人"),
                self.row(3, "专利", "发明专利", document_number=SOUND, told="焊缝跟踪装置"),
                self.row(4, "四技成果", "技术革新", told="翻转胎具", document_number="烟机〔2025〕3号"),
                self.row(5, "五小", "小设计", name="", identity="", told="定位销", document_number="3号"),
                self.row(6, "自主评价企业", "", name="", identity="", told="焊工",
                         document_number="烟人社备〔2025〕7号", organization="YT-01"),
            ],
            tmp_path,
        )  # fmt: skip

        assert report["refused"] == []
        assert (report["rows"], report["accepted"]) == (6, 6)
        kinds = sorted(ActionEntry.objects.values_list("kind", flat=True))
        assert kinds == ["assessing", "four", "patent", "seed", "seed", "small"]
        patent = ActionEntry.objects.get(kind="patent")
        assert (patent.document_number, patent.person.name) == ("2003101023445", "学员丁")
        assert patent.person.organization == plant
        assert ActionEntry.objects.get(kind="small").person is None

    def test_names_what_is_wrong_at_its_cell(self, plant, tmp_path):
        person = PersonFactory(organization=plant, name="周八")
        assessing(plant)
        report = self.take_in(
            [
                self.row(1, "种植"),
                self.row(2, sort="小设计"),
                self.row(3, identity=""),
                self.row(4, organization="别处的公司"),
                self.row(5, "专利", "实用新型专利", document_number=SOUND),
                self.row(6, "专利", "发明专利", document_number="ZL200310102344.6"),
                self.row(7, held_on="去年"),
                self.row(8, held_on="2099-01-01"),
                self.row(9, told=""),
                self.row(10, "自主评价企业", "", document_number="7号"),
                self.row(11, "自主评价", "", document_number="", organization="YT"),
            ],
            tmp_path,
        )  # fmt: skip

        assert [(e["row"], e["code"]) for e in report["refused"]] == [
            (1, "action-unknown"), (2, "sort-unfit"), (3, "identity-missing"),
            (4, "unknown-organization"), (5, "patent-number"), (6, "patent-number"),
            (7, "held-unreadable"), (8, "action-in-future"), (9, "told-missing"),
            (10, "action-twice"), (11, "document-missing"),
        ]  # fmt: skip
        assert person.action_entries.count() == 0

    def test_twice_in_one_file_the_later_is_refused(self, plant, tmp_path):
        patent = {"document_number": SOUND, "told": "焊缝跟踪装置"}
        report = self.take_in(
            [
                self.row(1, "专利", "发明专利", **patent),
                self.row(2, "专利", "发明", **(patent | {"document_number": "200310102344.5"})),
                self.row(3),
                self.row(4, identity=identity_number(63), name="学员丁"),
            ],
            tmp_path,
        )
        assert [(e["row"], e["code"]) for e in report["refused"]] == [
            (2, "action-twice"),
            (4, "action-twice"),
        ]
        assert ActionEntry.objects.count() == 2

    def test_undone_leaves_nothing_unless_somebody_has_worked_on_it(self, plant, tmp_path):
        self.take_in([self.row(1), self.row(2)], tmp_path)
        batch = ImportBatch.objects.get(kind="talents.actions")
        entry = ActionEntry.objects.first()
        withdrawn = withdraw_entry(entry.pk, note="学籍有误", actor=account(Role.NOMINATOR, plant))
        with pytest.raises(DomainError) as refused:
            imports.revert(batch.pk, actor=User.objects.system(), note="报送有误，重新整理")
        assert refused.value.code == "import-touched"
        ActionEntry.objects.filter(pk=withdrawn.pk).update(withdrawn_on=None)

        imports.revert(batch.pk, actor=User.objects.system(), note="报送有误，重新整理")

        assert not ActionEntry.objects.exists()
        assert not Person.objects.exists()

    def test_a_unit_files_for_itself_and_for_nobody_else(self, city, plant, tmp_path, client):
        other = with_child(city, "unit", name="别家公司")
        filer = account(Role.NOMINATOR, other)
        client.force_login(filer)
        page = client.get(reverse("intake:upload", args=["actions"]))
        assert page.status_code == 200
        report = self.take_in([self.row(1)], tmp_path, username=filer.username)
        assert [e["code"] for e in report["refused"]] == ["unknown-organization"]
