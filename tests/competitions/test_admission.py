"""Whoever owes proof of a condition of entry gets no award and no rise until somebody vouches for it."""

from datetime import date

import pytest
from django.urls import reverse

from competitions import workflow
from competitions.models import Award, Entry, Promotion
from competitions.selectors.admission import who_owes
from competitions.services.admitting import admit
from competitions.services.awards import give_awards
from competitions.services.entries import correct_entry
from competitions.services.promotions import outdated, propose
from talents.models import Person
from tests.competitions.test_contest_flow import NUMBER, published, refused
from tests.competitions.windows import appeals_over, later
from tests.factories.competitions import EntryFactory, marked, on_file
from workflow.models import Record

pytestmark = pytest.mark.django_db
WHY = "核验社会保险缴费记录原件"
DOCUMENT = {"document_number": "京工发〔2026〕12号"}


@pytest.fixture
def newcomer(item, hands):
    """The first of three, a month in the city on the first day; the others since long."""
    people = [
        marked(EntryFactory(item=item, unit=hands["unit"]), 40 - n, 3, 3, 3) for n in range(3)
    ]
    first = people[0]
    Entry.objects.filter(pk=first.pk).update(in_city_since=date(2026, 8, 1))
    first.refresh_from_db()
    published(item, hands)
    return first


@pytest.mark.parametrize(
    ("since", "is_owing"),
    [(date(2025, 9, 1), False), (date(2025, 9, 2), True), (None, True)],
)
def test_a_year_in_the_city_to_the_day_owes_nothing(item, since, is_owing):
    """The item begins on 2026-09-01."""
    EntryFactory(item=item, in_city_since=since)

    assert bool(who_owes(item)) is is_owing


def test_the_others_get_their_awards_and_who_owes_proof_is_named(client, item, hands, newcomer):
    name = newcomer.person.name
    client.force_login(hands["approver"])
    page = client.get(reverse("competitions:item", args=[item.code])).content.decode()
    assert "参赛资格待认定" in page
    assert name in page.split("参赛资格待认定")[1][:600]
    with appeals_over():
        client.force_login(hands["approver"])
        asked = client.get(reverse("competitions:award-new", args=[item.code])).content.decode()
    assert f"这次不授予：{name}（在本市学习或工作满1年）" in asked

    later(give_awards, item.pk, actor=hands["approver"], **DOCUMENT)
    later(propose, item.pk, actor=hands["handler"])

    given = set(Award.objects.exclude(kind="unit").values_list("line__name", flat=True))
    risen = set(Promotion.objects.values_list("person__name", flat=True))
    assert name not in given | risen
    assert (len(given), len(risen)) == (2, 2)
    notes = Record.objects.filter(code__in=["competitions.awarded", "competitions.proposed"])
    assert all(name in record.note for record in notes)
    assert refused(later, give_awards, item.pk, actor=hands["approver"], **DOCUMENT) == "proof-owed"
    assert refused(later, propose, item.pk, actor=hands["handler"]) == "proof-owed"


def test_somebody_else_than_who_filed_the_proof_vouches_and_then_all_goes_on(
    client, item, hands, newcomer
):
    facts = on_file(newcomer)
    shown = facts | {"proof": "社保缴费记录 2026-01"}
    correct_entry(newcomer.pk, shown, actor=hands["second"], note="补交证明")
    other = facts | {"employer": "二分厂"}
    assert refused(correct_entry, newcomer.pk, other, actor=hands["second"], note=WHY) == "marking-closed"  # fmt: skip
    by = {"actor": hands["second"], "note": WHY}
    assert refused(admit, item.pk, [newcomer.pk], **by) == "filer-cannot-admit"
    assert refused(admit, item.pk, [newcomer.pk], actor=hands["nominator"], note=WHY) == "role-required"  # fmt: skip
    client.force_login(hands["approver"])
    href = reverse("competitions:admission", args=[item.code])
    assert "未登记证明" not in client.get(href).content.decode()

    sent = client.post(href, {"entries": [newcomer.pk], "note": WHY})

    assert sent.status_code == 302
    newcomer.refresh_from_db()
    assert (newcomer.admitted_by, newcomer.admitted_for) == (hands["approver"], WHY)
    page = client.get(reverse("competitions:entry", args=[newcomer.pk])).content.decode()
    assert f"认定符合参赛条件：{WHY}" in page
    later(give_awards, item.pk, actor=hands["approver"], **DOCUMENT)
    later(propose, item.pk, actor=hands["handler"])
    assert Award.objects.filter(line__entry=newcomer).exists()
    assert Promotion.objects.filter(entry=newcomer).exists()
    assert refused(admit, item.pk, [newcomer.pk], actor=hands["approver"], note=WHY) == "nothing-to-admit"  # fmt: skip


def test_whoever_owes_proof_stands_as_such_on_the_reserve_list(client, item, hands, newcomer):
    type(item).objects.filter(pk=item.pk).update(entry_tier="worldskills")
    Person.objects.update(birth_on=date(2006, 1, 1))
    client.force_login(hands["handler"])
    reserves = reverse("competitions:reserves")
    shown = client.get(reserves).content.decode()
    assert shown.count("待认定</span>") == 1
    assert newcomer.person.name in shown

    admit(item.pk, [newcomer.pk], actor=hands["approver"], note=WHY)

    assert "待认定</span>" not in client.get(reserves).content.decode()


def test_a_finding_lapses_with_the_day_it_was_about_and_no_certificate_is_entered(item, hands):
    entry = marked(EntryFactory(item=item, unit=hands["unit"], in_city_since=None), 40, 3, 3, 3)
    admit(item.pk, [entry.pk], actor=hands["approver"], note=WHY)
    facts = on_file(entry)

    same = correct_entry(entry.pk, facts | {"employer": "二分厂"}, actor=hands["handler"], note=WHY)
    assert same.admitted_by == hands["approver"]
    published(item, hands)
    later(propose, item.pk, actor=hands["handler"])
    Entry.objects.filter(pk=entry.pk).update(admitted_by=None, admitted_on=None, admitted_for="")

    rise = Promotion.objects.get()
    assert "请先在参赛页面认定参赛资格" in outdated(item, [rise])[rise.pk]
    certifying = refused(later, workflow.certify, rise.pk, NUMBER, actor=hands["handler"])
    assert certifying == "proposal-outdated"


def test_a_later_proof_has_to_be_looked_at_anew(item, hands):
    entry = EntryFactory(item=item, unit=hands["unit"], in_city_since=None)
    admit(item.pk, [entry.pk], actor=hands["approver"], note=WHY)
    facts = on_file(entry)

    correct_entry(entry.pk, facts | {"proof": "学籍证明"}, actor=hands["handler"], note=WHY)

    entry.refresh_from_db()
    assert (entry.admitted_by, entry.admitted_for) == (None, "")
    assert [one.entry for one in who_owes(item)] == [entry]
