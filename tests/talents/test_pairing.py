"""Three parties agree to a pair, each by themselves; the two keep a log that both confirm."""

import threading
from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connections, transaction
from django.urls import reverse
from django.utils import timezone

from organizations.roles import Role
from talents.models import Mentorship, PairConsent, PairLog
from talents.rules.cultivating import months_after
from talents.selectors.attainments import Sight
from talents.selectors.own import own_queues
from talents.selectors.statements import drafts_of
from talents.services.persons import keep_certificate
from talents.workflow.growth import Agreement, agree_pair, finish_pair, pair
from talents.workflow.pairing import confirm_log, consent, consent_for_unit, write_log
from tests.factories.endorsing import SCAN
from tests.factories.growth import consented, logged
from tests.factories.organizations import OrganizationFactory, account, with_child
from tests.factories.talents import PersonFactory
from tests.refusals import refused
from workflow.models import Notice
from workflow.refusals import DomainError

MASTER, APPRENTICE, OTHER = (bytes([n]) * 32 for n in (1, 2, 3))
TWO_YEARS = Agreement("焊工", "独立完成管道全位置焊接", date(2025, 3, 1), date(2027, 3, 1))
DAY = date(2025, 4, 1)


class House:
    """A unit below its city, a master and an apprentice with accounts, and their agreement put in."""

    def __init__(self):
        self.city = OrganizationFactory(kind="city")
        self.unit = with_child(self.city, "unit", name="京北精密制造有限公司")
        self.filer = account(Role.NOMINATOR, self.unit)
        self.handler = account(Role.HANDLER, self.city)
        people = [
            PersonFactory(organization=self.unit, name=name, identity_digest=digest)
            for name, digest in (("赵师傅", MASTER), ("郭徒弟", APPRENTICE))
        ]
        self.master, self.apprentice = (
            account(Role.CRAFTSMAN, self.unit, user__owner_digest=digest)
            for digest in (MASTER, APPRENTICE)
        )
        self.pair = pair(
            people[0].pk, people[1].pk, TWO_YEARS, organization_id=self.unit.pk, actor=self.filer
        )

    def agreed(self):
        consent(self.pair.pk, actor=self.master)
        consent(self.pair.pk, actor=self.apprentice)
        consent_for_unit(self.pair.pk, actor=self.filer)
        return agree_pair(self.pair.pk, actor=self.handler)


@pytest.fixture
def house(db):
    return House()


def test_nobody_is_done_without_proof_of_it(house):
    """A day of teaching both confirmed, or a certificate since; a level only with its certificate."""
    pair_id = house.agreed().pk
    done = {"actor": house.filer, "note": "考核合格"}
    log = write_log(pair_id, held_on=DAY, words="讲解并练习管道仰焊", actor=house.master)
    assert refused(finish_pair, pair_id, **done) == "pair-without-proof", "one alone said so"
    confirm_log(log.pk, actor=house.apprentice)
    assert refused(finish_pair, pair_id, level="3", **done) == "level-without-certificate"
    keep_certificate(house.pair.apprentice, "Y000011010003254000012", occupation="焊工")
    assert refused(finish_pair, pair_id, level="3", **done) == "level-without-certificate", "lower"

    keep_certificate(house.pair.apprentice, "Y000011010003253000012", occupation="焊工")

    assert finish_pair(pair_id, level="3", **done).level_after == "3"


def test_a_certificate_since_it_began_proves_it_as_well_and_an_older_one_does_not(house):
    pair_id, apprentice = house.agreed().pk, house.pair.apprentice
    done = {"actor": house.filer, "note": "考核合格"}
    keep_certificate(apprentice, "Y000011010003243000012", occupation="焊工")
    assert refused(finish_pair, pair_id, **done) == "pair-without-proof", "of 2024"

    keep_certificate(apprentice, "Y000011010003253000012", occupation="焊工")

    assert finish_pair(pair_id, **done).state == "finished"


@pytest.mark.parametrize(
    ("held", "is_new"),
    [
        ("Y000011010003153000012", False),
        ("Y000011010003243000012", False),
        ("Y000011010003152000012", False),
        ("Y000011010003244000012", True),
    ],
    ids=["that level in 2015", "in the year before", "a higher one in 2015", "a lower one"],
)
def test_a_level_held_before_it_began_is_no_level_reached(house, held, is_new):
    pair_id, apprentice = house.agreed().pk, house.pair.apprentice
    keep_certificate(apprentice, held, occupation="焊工")
    keep_certificate(apprentice, "Y000011010003253000099", occupation="焊工")
    done = {"level": "3", "actor": house.filer, "note": "考核合格"}
    if is_new:
        assert finish_pair(pair_id, **done).level_after == "3"
    else:
        assert refused(finish_pair, pair_id, **done) == "level-without-certificate"


def test_a_certificate_without_a_year_reaches_no_level(house):
    pair_id, apprentice = house.agreed().pk, house.pair.apprentice
    keep_certificate(apprentice, "Y000011010003253000012", occupation="焊工")
    apprentice.certificates.update(issued_year=None)
    logged(house.pair)
    done = {"level": "3", "actor": house.filer, "note": "考核合格"}
    assert refused(finish_pair, pair_id, **done) == "level-without-certificate"


def test_before_the_shortest_time_of_an_agreement_it_takes_a_reason_that_is_kept(house, client):
    pair_id, today = house.agreed().pk, timezone.localdate()
    mine = Mentorship.objects.filter(pk=pair_id)
    begun = months_after(today, -12)
    mine.update(starts_on=begun + timedelta(days=1), ends_on=today + timedelta(days=500))
    logged(house.pair, held_on=today)
    done = {"actor": house.filer, "note": "考核合格"}
    assert refused(finish_pair, pair_id, **done) == "early-without-reason"
    assert refused(finish_pair, pair_id, early_reason=" ", **done) == "early-without-reason"
    with transaction.atomic():
        mine.update(starts_on=begun)
        later = finish_pair(pair_id, early_reason="多写的事由", **done)
        assert (later.state, later.early_reason) == ("finished", "")
        transaction.set_rollback(True)

    finish_pair(pair_id, early_reason="徒弟提前取得技师，经考核同意", **done)

    client.force_login(house.filer)
    page = client.get(reverse("talents:pair", args=[pair_id])).content.decode()
    assert "徒弟提前取得技师，经考核同意" in page


def test_nobody_is_done_before_it_has_begun(house):
    pair_id, today = house.agreed().pk, timezone.localdate()
    log = write_log(pair_id, held_on=DAY, words="讲解并练习管道仰焊", actor=house.master)
    confirm_log(log.pk, actor=house.apprentice)
    mine = Mentorship.objects.filter(pk=pair_id)
    done = {"actor": house.filer, "note": "考核合格"}

    mine.update(starts_on=today + timedelta(days=1), ends_on=today + timedelta(days=400))
    assert refused(finish_pair, pair_id, **done) == "pair-not-begun"
    mine.update(starts_on=today)
    assert refused(finish_pair, pair_id, **done) == "pair-without-proof", "a log of before"


def test_the_same_two_joined_again_are_one_sentence_of_the_statement(house):
    pair_id = house.agreed().pk
    log = write_log(pair_id, held_on=DAY, words="讲解并练习管道仰焊", actor=house.master)
    confirm_log(log.pk, actor=house.apprentice)
    finish_pair(pair_id, actor=house.filer, note="考核合格")
    two = house.pair.master_id, house.pair.apprentice_id
    again = pair(*two, TWO_YEARS, organization_id=house.unit.pk, actor=house.filer)
    agree_pair(consented(again).pk, actor=house.handler)

    (draft,) = drafts_of(house.pair.master, Sight(house.handler))

    assert [row.speaks.sentence.count("出师") for row in draft.rows] == [1]


def test_the_union_takes_on_file_what_all_three_have_agreed_to(house):
    missing = ("师傅、徒弟、单位", "徒弟、单位", "单位")
    steps = (
        lambda: consent(house.pair.pk, actor=house.master),
        lambda: consent(house.pair.pk, actor=house.apprentice),
        lambda: consent_for_unit(house.pair.pk, actor=house.filer),
    )
    for words, step in zip(missing, steps, strict=True):
        with pytest.raises(DomainError) as refused:
            agree_pair(house.pair.pk, actor=house.handler)
        assert refused.value.code == "pair-not-consented"
        assert f"还缺{words}的确认" in str(refused.value)
        step()
    assert agree_pair(house.pair.pk, actor=house.handler).state == "agreed"


def test_each_agrees_on_the_page_of_their_own_file(client, house):
    client.force_login(house.apprentice)
    assert [queue.title for queue in own_queues(house.apprentice)] == ["师徒协议：赵师傅带郭徒弟"]
    assert Notice.objects.filter(recipient=house.apprentice, title__contains="待您确认").exists()

    client.post(reverse("talents:own-pair-consent", args=[house.pair.pk]))

    given = PairConsent.objects.get()
    assert (given.party, given.given_by) == ("apprentice", house.apprentice)
    page = client.get(reverse("talents:own-pair", args=[house.pair.pk])).content.decode()
    assert "郭徒弟" in page
    assert "确认协议</a>" not in page
    assert own_queues(house.apprentice) == []


def test_nobody_else_finds_the_page_nor_agrees(client, house):
    stranger = account(Role.CRAFTSMAN, house.unit, user__owner_digest=OTHER)
    for user in (stranger, house.filer):
        client.force_login(user)
        for name in ("own-pair", "own-pair-consent", "own-pair-log"):
            address = reverse(f"talents:{name}", args=[house.pair.pk])
            assert client.get(address).status_code == 404
            assert client.post(address).status_code in {404, 405}
    assert not PairConsent.objects.exists()


def test_one_of_the_two_does_not_agree_for_the_unit(house):
    """Nor by a second account: nobody has two."""
    master = account(Role.NOMINATOR, house.unit, user=house.master)
    with pytest.raises(DomainError) as refused:
        consent_for_unit(house.pair.pk, actor=master)
    assert refused.value.code == "party-cannot-be-unit"
    with pytest.raises(IntegrityError, match="user_once_per_person"), transaction.atomic():
        account(Role.NOMINATOR, house.unit, user__owner_digest=MASTER)
    another = account(Role.NOMINATOR, house.unit)
    assert [one.party for one in consent_for_unit(house.pair.pk, actor=another)] == ["unit"]


def test_who_has_no_account_signs_on_paper(client, house):
    client.force_login(house.filer)
    paper = SimpleUploadedFile("协议.pdf", SCAN.content)

    answer = client.post(
        reverse("talents:pair-consent", args=[house.pair.pk]), {"paper": paper}, follow=True
    )

    assert "已确认师徒协议" in answer.content.decode()
    given = dict(PairConsent.objects.values_list("party", "scan_id"))
    assert given["unit"] is None
    assert given["master"] == given["apprentice"] is not None
    scan = PairConsent.objects.get(party="master")
    saved = client.get(reverse("talents:consent-scan", args=[scan.pk]))
    assert saved.content == SCAN.content
    agree_pair(house.pair.pk, actor=house.handler)


def test_the_unit_agrees_once(house):
    consent_for_unit(house.pair.pk, actor=house.filer)
    with pytest.raises(DomainError) as refused:
        consent_for_unit(house.pair.pk, actor=house.filer)
    assert refused.value.code == "already-consented"


class TestTheLog:
    def test_it_counts_once_both_have_confirmed(self, house):
        found = house.agreed()
        log = write_log(found.pk, held_on=DAY, words="讲解管道仰焊", actor=house.master)
        assert (log.master_by, log.is_confirmed) == (house.master, False)
        with pytest.raises(DomainError) as refused:
            confirm_log(log.pk, actor=house.master)
        assert refused.value.code == "log-confirmed"

        assert confirm_log(log.pk, actor=house.apprentice).is_confirmed

    def test_what_the_unit_writes_waits_for_both(self, house):
        found = house.agreed()
        log = write_log(found.pk, held_on=DAY, words="讲解管道仰焊", actor=house.filer)
        assert (log.master_by, log.apprentice_by) == (None, None)
        assert [queue.title for queue in own_queues(house.master)] == ["待确认的带教日志"]
        confirm_log(log.pk, actor=house.master)
        assert confirm_log(log.pk, actor=house.apprentice).is_confirmed

    @pytest.mark.parametrize("day", [date(2025, 2, 28), date(2099, 1, 1)])
    def test_it_tells_of_days_of_the_agreement(self, house, day):
        found = house.agreed()
        with pytest.raises(DomainError) as refused:
            write_log(found.pk, held_on=day, words="讲解管道仰焊", actor=house.master)
        assert refused.value.code == "log-out-of-time"

    def test_there_is_none_before_the_pair_is_on_file(self, house):
        with pytest.raises(DomainError) as refused:
            write_log(house.pair.pk, held_on=DAY, words="讲解管道仰焊", actor=house.master)
        assert refused.value.code == "pair-not-agreed"

    def test_it_is_written_and_confirmed_on_the_pages(self, client, house):
        found = house.agreed()
        client.force_login(house.master)
        address = reverse("talents:own-pair-log", args=[found.pk])
        client.post(address, {"held_on": str(DAY), "words": "讲解并练习管道仰焊"})
        log = PairLog.objects.get()
        client.force_login(house.apprentice)
        client.post(reverse("talents:own-log-confirm", args=[log.pk]))
        client.force_login(house.handler)
        page = client.get(reverse("talents:pair", args=[found.pk])).content.decode()
        assert "双方确认的 <strong>1</strong> 次" in page


@pytest.mark.django_db(transaction=True)
def test_pressed_sixteen_times_at_once_it_is_one_consent():
    house, outcomes = House(), []

    def press():
        try:
            consent(house.pair.pk, actor=house.master)
            outcomes.append("given")
        except DomainError as refusal:
            outcomes.append(refusal.code)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=press) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["already-consented"] * 15 + ["given"]
    assert PairConsent.objects.count() == 1
