"""Who hands blind papers out looks through them: what is masked and why, what to mask or show besides."""

import threading

import pytest
from django.core.management import call_command
from django.db import Error, connection, connections, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from organizations.roles import Role
from talents.models import Employment, Masking, Nomination, Review
from talents.rules.blinding import Redaction, blind_paper
from talents.rules.suspecting import suspected
from talents.services import masking
from talents.services.masking import decide_words
from talents.workflow.reviews import release_draw
from tests.factories.declaring import all_clear, asked_round, drawn
from tests.factories.organizations import OrganizationFactory, account, with_child
from tests.factories.reviews import ExpertFactory
from tests.factories.talents import NominationFactory, PersonFactory, RoundFactory
from tests.refusals import refused
from workflow.models import Notice, Record
from workflow.refusals import DomainError

WHY = "评审专家可据此认出人选"


@pytest.fixture
def city(db):
    call_command("load_calendar", verbosity=0)
    return OrganizationFactory(kind="city", name="北京市总工会")


def candidate(city, unit="北京奔驰汽车有限公司", text="", employer="", **facts):
    body = with_child(with_child(city, "district", name="大兴区总工会"), "unit", name=unit)
    somebody = PersonFactory(name="赵焊花", organization=body)
    if employer:
        Employment.objects.create(person=somebody, start_month=2000 * 12, employer=employer)
    return NominationFactory(
        round=RoundFactory(organizer=city), unit=body, person=somebody, force_leading=text, **facts
    )


def mask(row, words, actor, decision="mask"):
    return decide_words(row.pk, words=words, decision=decision, note=WHY, actor=actor)


def read_of(row):
    """What experts read of the first force."""
    row.refresh_from_db()
    return Redaction.of(row)(row.force_leading)


class TestWhatLooksTelling:
    @pytest.mark.parametrize(
        ("unit", "said", "words"),
        [
            ("北京奔驰汽车有限公司", "在北京奔驰做总装", "北京奔驰"),
            ("北京奔驰汽车有限公司", "参加奔驰的培训", "奔驰"),
            ("中国石化燕山石油化工有限公司", "在燕山石化检修装置", "燕山石化"),
            ("中国石化燕山石油化工有限公司", "获中石化标兵", "中石化"),
            ("北京地铁运营有限公司", "北京地铁首批司机", "北京地铁"),
            ("国网北京市电力公司", "在国网北京电力带电作业", "国网北京电力"),
            ("北京京城机电控股有限责任公司", "领衔工劳模工作室", "工劳模工作室"),
            ("东升精密机械有限公司", "获通县工匠", "通县工匠"),
            ("东升精密机械有限公司", "师从王建国学艺", "王建国"),
            ("东升精密机械有限公司", "得到李建民同志肯定", "李建民同志"),
            ("东升精密机械有限公司", "原在首都钢铁公司", "首都钢铁公司"),
            ("东升精密机械有限公司", "支援新疆建设", "新疆"),
            ("东升精密机械有限公司", "入职BBAC以来", "BBAC"),
            ("东升精密机械有限公司", "证书编号AB2024", "编号AB2024"),
        ],
    )
    def test_short_forms_names_and_places_are_told(self, city, unit, said, words):
        row = candidate(city, unit, said)
        redaction = Redaction.of(row)
        masked = [one.words for one in redaction.passages(said) if one.why]
        assert words in [one.words for one in suspected(redaction, said)] or any(
            word in masked for word in (words, words[-4:])
        )

    def test_an_employer_of_earlier_days_is_told_in_its_short_form(self, city):
        row = candidate(city, "东升精密机械有限公司", employer="中国石化燕山石油化工有限公司")
        found = suspected(Redaction.of(row), "早年在燕山石化学徒")
        assert [one.words for one in found] == ["燕山石化"]

    @pytest.mark.parametrize(
        "said",
        [
            "完成焊接工艺改造二十三项，节约成本12万元",
            "获北京大工匠提名，传承工匠精神",
            "每年带徒，徒弟成长为技师",
        ],
    )
    def test_words_of_the_trade_are_left_alone(self, city, said):
        assert suspected(Redaction.of(candidate(city, "东升精密机械有限公司")), said) == []


class TestDeciding:
    @pytest.fixture
    def handler(self, city):
        return account(Role.HANDLER, city)

    def test_what_is_masked_experts_do_not_read_and_the_candidate_wrote_it_as_before(
        self, city, handler
    ):
        said = "在北京奔驰做总装，北 京奔驰标兵"
        row = candidate(city, text=said)
        assert read_of(row) == said

        made = mask(row, "北京奔驰", handler)

        assert read_of(row) == "在某某做总装，某某标兵"
        row.refresh_from_db()
        assert row.force_leading == said
        assert (made.decided_by, made.is_late) == (handler, False)
        record = Record.objects.get(code="talents.words-masked")
        assert (record.after, record.note) == ({"masked": "北京奔驰"}, WHY)
        assert suspected(Redaction.of(row), said) == []

    def test_a_wrong_mask_is_lifted_and_the_newest_decision_counts(self, city, handler):
        row = candidate(city, "东升精密机械有限公司", "在大兴修路，大兴调研之风")
        assert read_of(row) == "在某某修路，某某调研之风"
        mask(row, "大兴调研", handler, "show")
        assert read_of(row) == "在某某修路，大兴调研之风"
        assert refused(mask, row, "大兴调研", handler, "show") == "words-shown-already"
        mask(row, "大兴调研", handler)
        assert read_of(row) == "在某某修路，某某之风"
        assert [one.decision for one in Masking.objects.all()] == ["mask", "show"], "both on file"

    def test_what_only_looked_telling_is_asked_no_more(self, city, handler):
        row = candidate(city, text="参加奔驰的培训")
        mask(row, "奔驰", handler, "show")
        assert suspected(Redaction.of(row), "参加奔驰的培训") == []

    @pytest.mark.parametrize(
        "words", ["赵焊花", "赵焊花同志", "北京奔驰汽车", "13800138000", "电话1380013"]
    )
    def test_who_it_is_is_never_shown(self, city, handler, words):
        row = candidate(city, text="赵焊花同志在北京奔驰汽车有限公司，电话13800138000")
        assert refused(mask, row, words, handler, "show") == "identity-stays-masked"

    def test_only_words_of_the_paper_and_only_what_changes_it(self, city, handler):
        row = candidate(city, text="在北京奔驰做总装")
        assert refused(mask, row, "首钢", handler) == "words-not-in-paper"
        assert refused(mask, row, "奔", handler) == "words-too-short"
        mask(row, "奔驰", handler)
        assert refused(mask, row, "奔驰", handler) == "words-masked-already"
        with pytest.raises(Error, match="two_characters"), transaction.atomic():
            Masking.objects.create(
                nomination=row, words="奔", decision="mask", reason=WHY, decided_by=handler
            )

    def test_by_staff_of_the_organizer_never_by_the_candidate_nor_by_an_expert(self, city, handler):
        row = candidate(city, text="在北京奔驰做总装")
        own = account(Role.HANDLER, city, user__owner_digest=bytes(row.person.identity_digest))
        assert refused(mask, row, "北京奔驰", own) == "own-nomination"
        unit = account(Role.NOMINATOR, row.unit)
        assert refused(mask, row, "北京奔驰", unit) == "role-required"
        ExpertFactory(organization=city, user=handler)
        assert refused(mask, row, "北京奔驰", handler) == "expert-cannot-look-through"
        assert Masking.objects.count() == 0


def in_review(city, text):
    selection = asked_round(city)
    Nomination.objects.filter(round=selection).update(force_leading=text)
    draw = drawn(selection)
    all_clear(draw)
    return selection, draw


class TestOnceHandedOut:
    def test_more_is_masked_in_sight_of_the_experts_and_nothing_is_shown_any_more(
        self, city, client
    ):
        selection, draw = in_review(city, "在东方奔驰做总装，东方示例的骨干")
        release_draw(draw.pk, actor=account(Role.APPROVER, city))
        review = Review.objects.filter(nomination__round=selection).first()
        row, handler = review.nomination, account(Role.HANDLER, city)
        assert blind_paper(review).changed_on is None

        made = mask(row, "奔驰", handler)

        assert made.is_late
        assert "奔驰" not in dict(blind_paper(review).forces)["引领力"]
        assert blind_paper(review).changed_on is not None
        told = Notice.objects.filter(title__contains="调整了遮盖")
        assert set(told.values_list("recipient", flat=True)) == set(
            Review.objects.filter(nomination=row).values_list("expert__user", flat=True)
        )
        client.force_login(review.expert.user)
        page = client.get(reverse("talents:review", args=[review.pk])).content.decode()
        assert "本份材料的遮盖已调整" in page
        assert "奔驰" not in page
        assert refused(mask, row, "奔驰", handler, "show") == "paper-handed-out"
        other = Review.objects.exclude(nomination=row).first()
        assert blind_paper(other).changed_on is None

    def test_the_paper_is_the_same_whoever_the_candidate_is(self, city):
        """Two worlds that differ in the unit, in whose short form staff found it, and in nothing else."""
        selection, draw = in_review(city, "无")
        release_draw(draw.pk, actor=account(Role.APPROVER, city))
        handler = account(Role.HANDLER, city)
        worlds = []
        rows = selection.nominations.order_by("pk")[:2]
        for row, short in zip(rows, ("北京奔驰", "燕山石油化工"), strict=True):
            Nomination.objects.filter(pk=row.pk).update(force_leading=f"在{short}做总装")
            mask(row, short, handler)
            paper = blind_paper(Review.objects.filter(nomination=row).first())
            worlds.append((paper.honours, paper.forces, paper.changed_on))
        assert worlds[0] == worlds[1]


class TestThePages:
    def test_it_shows_both_and_takes_typed_words(self, city, client):
        row = candidate(city, text="赵焊花在北京奔驰做总装")
        client.force_login(account(Role.HANDLER, city))
        papers = reverse("talents:blind-papers", args=[row.round.code])
        assert "1处待看" in client.get(papers).content.decode()
        address = reverse("talents:masking", args=[row.pk])
        page = client.get(address).content.decode()
        assert '<span class="masked" title="人选的姓名或称呼">赵焊花</span>' in page
        assert "?words=%E5%8C%97%E4%BA%AC%E5%A5%94%E9%A9%B0&amp;decision=mask" in page

        answer = client.post(
            address, {"words": "北京奔驰", "decision": "mask", "note": WHY}, follow=True
        )

        assert "人工遮盖" in answer.content.decode()
        assert "1处待看" not in client.get(papers).content.decode()
        wrong = client.post(address, {"words": "首钢", "decision": "mask", "note": WHY})
        assert (wrong.status_code, "照原文选取" in wrong.content.decode()) == (409, True)

    def test_the_candidate_does_not_stand_on_the_list_of_papers(self, city, client):
        row = candidate(city, text="赵焊花在北京奔驰做总装")
        own = account(Role.HANDLER, city, user__owner_digest=bytes(row.person.identity_digest))
        client.force_login(own)
        papers = client.get(reverse("talents:blind-papers", args=[row.round.code]))
        assert "赵焊花" not in papers.content.decode()
        assert client.get(reverse("talents:masking", args=[row.pk])).status_code in {403, 409}

    def test_the_list_costs_the_same_for_one_and_for_several(self, city, client):
        row = candidate(city, text="在北京奔驰做总装")
        client.force_login(account(Role.HANDLER, city))
        papers = reverse("talents:blind-papers", args=[row.round.code])
        client.get(papers)
        costs = []
        for _ in range(2):
            with CaptureQueriesContext(connection) as queries:
                assert client.get(papers).status_code == 200
            costs.append(len(queries))
            for _ in range(3):
                NominationFactory(round=row.round, unit=row.unit, force_leading="在燕山石化检修")
        assert costs[0] == costs[1]

    def test_it_is_decided_over_http(self, city, client):
        row = candidate(city, text="在北京奔驰做总装")
        client.force_login(account(Role.HANDLER, city))
        said = {"nomination": row.pk, "words": "北京奔驰", "decision": "mask", "note": WHY}
        answer = client.post(reverse("masking-decide"), said, content_type="application/json")
        assert (answer.status_code, answer.json()["words"]) == (201, "北京奔驰")


@pytest.mark.django_db(transaction=True)
class TestShownWhileHandedOut:
    """Somebody has words shown while another hands the paper out."""

    def happens(self):
        call_command("load_calendar", verbosity=0)
        city = OrganizationFactory(kind="city", name="北京市总工会")
        selection, draw = in_review(city, "大兴调研，东方示例公司的骨干")
        row = selection.nominations.filter(unit__name__startswith="东方").first()
        handler, approver = account(Role.HANDLER, city), account(Role.APPROVER, city)
        mask(row, "大兴调研", handler)
        meet, outcomes = threading.Barrier(2), {}

        def run(name, act):
            try:
                meet.wait(10)
                act()
                outcomes[name] = None
            except DomainError as refusal:
                outcomes[name] = refusal.code
            finally:
                connections.close_all()

        threads = [
            threading.Thread(
                target=run, args=("show", lambda: mask(row, "大兴调研", handler, "show"))
            ),
            threading.Thread(
                target=run, args=("release", lambda: release_draw(draw.pk, actor=approver))
            ),
        ]
        for one in threads:
            one.start()
        for one in threads:
            one.join()
        return outcomes, row

    def test_it_is_shown_before_or_not_at_all(self):
        outcomes, row = self.happens()
        assert outcomes["release"] is None
        assert outcomes["show"] in {None, "paper-handed-out"}
        shown = Masking.objects.filter(nomination=row, decision="show").count()
        assert shown == (outcomes["show"] is None)

    def test_control_without_the_lock_it_is_shown_beside_a_paper_that_is_out(self, monkeypatch):
        """Looked at first, written after the paper went out."""
        decided = masking._check_meant

        def hands_it_out_meanwhile(found, words, **facts):
            decided(found, words, **facts)
            if not facts["is_masked"]:
                done = threading.Thread(target=self._release, args=(found.round_id,))
                done.start()
                done.join(20)

        monkeypatch.setattr(masking, "_check_meant", hands_it_out_meanwhile)
        monkeypatch.setattr(
            "django.db.models.query.QuerySet.select_for_update", lambda rows, **_: rows.all()
        )
        call_command("load_calendar", verbosity=0)
        city = OrganizationFactory(kind="city", name="北京市总工会")
        selection, draw = in_review(city, "大兴调研，东方示例公司的骨干")
        self.draw, self.approver = draw, account(Role.APPROVER, city)
        row = selection.nominations.first()
        handler = account(Role.HANDLER, city)
        mask(row, "大兴调研", handler)
        mask(row, "大兴调研", handler, "show")
        assert Review.objects.filter(nomination=row).exists(), "out, and shown differently since"

    def _release(self, _):
        try:
            release_draw(self.draw.pk, actor=self.approver)
        finally:
            connections.close_all()
