"""Who may be entered, to the day: the ages of 世赛 items, asked on the first day of the item."""

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.urls import reverse

from competitions.models import Entry, Mark
from competitions.models.tiers import RULES
from competitions.rules.admission import CONSEQUENCES, REFUSED, consequence_of
from competitions.selectors.eligibility import findings_about, what_follows
from competitions.services.entries import Entrant, enter
from intake.models import ImportBatch
from organizations.roles import Role
from pages.forms import IdentityField
from policies.library import read_library
from policies.models import PolicyEdition
from talents.models import Person
from tests.competitions.sheets import book, row
from tests.factories.competitions import (
    CompetitionFactory,
    EntryFactory,
    ItemFactory,
    SchemeFactory,
)
from tests.factories.filings import identity_number
from tests.factories.organizations import OrganizationFactory, account
from tests.factories.talents import PersonFactory
from tests.factories.workflow import moved
from workflow.refusals import DomainError
from workflow.storage import vault

pytestmark = pytest.mark.django_db
FIRST_DAY = date(2026, 9, 1)


@pytest.mark.parametrize(
    ("tier", "criterion", "oldest"),
    [("worldskills", "worldskills_age", 22), ("worldskills-mechatronics", "mechatronics_age", 25)],
)
@pytest.mark.parametrize(("born", "is_met"), [((8, 31), False), ((9, 1), False), ((9, 2), True)])
def test_the_age_of_worldskills_items_counts_on_the_first_day(
    tier, criterion, oldest, born, is_met
):
    """“不超过22周岁”: who turns 23 on the first day is too old, who does so the day after is not."""
    call_command("load_policies", verbosity=0)
    entry = EntryFactory(item=ItemFactory(entry_tier=tier, starts_on=FIRST_DAY))
    entry.person.birth_on = date(FIRST_DAY.year - oldest - 1, *born)
    entry.person.save()

    told = {finding.criterion.code: finding for finding in findings_about(entry)}

    assert told[criterion].met is is_met


@pytest.fixture
def hands():
    """A city with a contest that takes entries, and who enters its people."""
    call_command("load_policies", verbosity=0)
    city = OrganizationFactory(kind="city", code="BJ")
    contest = CompetitionFactory(organizer=city, entries_until=None)
    moved(type(contest).objects.filter(pk=contest.pk), "announced")
    return contest, account(Role.HANDLER, city)


def entered(hands, tier, birth, **facts):
    contest, handler = hands
    item = ItemFactory(competition=contest, entry_tier=tier, starts_on=FIRST_DAY)
    number = identity_number(7, birth)
    who = Entrant("张三", IdentityField().clean(number))
    told = {"number": "", "present_level": "3", "in_city_since": None, "team": "", "proof": ""}
    return enter(item.pk, who, told | facts, unit=contest.organizer, actor=handler)


@pytest.mark.parametrize(
    ("tier", "birth", "condition"),
    [
        ("general", "20100902", "年满16周岁"),
        ("worldskills", "20030901", "不超过22周岁"),
        ("worldskills-mechatronics", "20000901", "不超过25周岁"),
    ],
)
def test_who_is_too_young_or_too_old_is_not_entered_and_told_by_which_clause(
    hands, tier, birth, condition
):
    with pytest.raises(DomainError) as refusal:
        entered(hands, tier, birth)

    assert refusal.value.code == "entry-refused"
    assert f"规定：{condition}（" in refusal.value.message
    assert refusal.value.citation == "职业技能竞赛参赛与晋升规则"
    assert (Entry.objects.count(), Person.objects.count()) == (0, 0)


@pytest.mark.parametrize(
    ("tier", "birth"),
    [
        ("general", "20100901"),
        ("worldskills", "20030902"),
        ("worldskills-mechatronics", "20000902"),
    ],
)
def test_who_is_of_age_to_the_day_is_entered(hands, tier, birth):
    assert entered(hands, tier, birth).state == Entry.State.ENTERED


def test_what_the_number_does_not_tell_is_entered_and_proof_is_asked_for(hands, client):
    entry = entered(hands, "national", "19850615", in_city_since=date(2026, 3, 1))

    told = {one.title: one.consequence.title for one in what_follows(entry)}
    client.force_login(hands[1])
    page = client.get(reverse("competitions:entry", args=[entry.pk])).content.decode()

    assert told == {
        "在本市学习或工作满1年": "须补交证明",
        "从事该职业": "须补交证明",
        "未达退休年龄": "提示核对",
    }
    assert "须补交社会保险、学籍或劳动合同等证明" in page
    edit = reverse("competitions:entry-edit", args=[entry.pk])
    form = client.get(edit).context["form"]
    sent = {name: form[name].value() or "" for name in form.fields} | {
        "proof": "社会保险缴费记录 京社2026-01", "note": "核对原件",
    }  # fmt: skip
    assert client.post(edit, sent).status_code == 302
    page = client.get(reverse("competitions:entry", args=[entry.pk])).content.decode()
    assert "已登记证明“社会保险缴费记录 京社2026-01”" in page


def test_a_place_that_meets_all_has_nothing_to_follow_but_what_people_judge(hands):
    entry = entered(hands, "general", "19850615", in_city_since=date(2025, 9, 1))

    assert [one.title for one in what_follows(entry)] == ["未达退休年龄"]


def test_every_condition_of_entry_has_one_consequence_with_its_why():
    policy = next(
        file.policy
        for file in read_library()
        if (file.policy.code, file.policy.edition) == (RULES, 3)
    )
    told = [policy.parameter(code) for code in CONSEQUENCES]
    named = [title for one in told for title in one.names]

    assert sorted(named) == sorted(criterion.title for criterion in policy.criteria)
    assert all(one.note and one.gist and one.source for one in told)
    # a list of entrants is held against ages only; another refusal has to be asked there, too
    refused = [c for c in policy.criteria if consequence_of(policy, c).code == REFUSED]
    assert {criterion.fact for criterion in refused} == {"entrant_age"}


def test_an_edition_that_names_no_consequence_refuses_nobody(hands):
    contest, _ = hands
    contest.edition = PolicyEdition.objects.get(code=RULES, edition=2)
    contest.save(update_fields=["edition"])

    assert entered(hands, "worldskills", "19850615").state == Entry.State.ENTERED


def test_rows_of_a_list_are_refused_by_age_and_the_others_are_entered(
    hands, client, settings, tmp_path
):
    settings.MEDIA_ROOT = tmp_path / "media"
    contest, handler = hands
    item = ItemFactory(competition=contest, entry_tier="worldskills", starts_on=FIRST_DAY)
    numbers = [identity_number(1, "20030901"), identity_number(2, "20030902"), identity_number(3, "20100902")]  # fmt: skip
    rows = [[name, one, "示例公司", "无"] for name, one in zip("甲乙丙", numbers, strict=True)]
    head = ["姓名", "身份证号", "工作单位", "现职业技能等级"]
    content = book([[f"张{row[0]}", *row[1:]] for row in rows], columns=[], head=head, title="2026年示例竞赛参赛名单")  # fmt: skip
    client.force_login(handler)

    client.post(
        reverse("intake:upload", args=["entrants", item.code]),
        {"file": SimpleUploadedFile("名单.xlsx", content)},
    )
    batch = ImportBatch.objects.get()
    found = {
        line: message
        for line, code, message in batch.findings.values_list("line", "code", "message")
        if code == "entry-refused"
    }
    client.post(reverse("intake:commit", args=[batch.pk]))

    assert sorted(found) == [3, 5]
    assert "规定须不超过22周岁" in found[3]
    assert "规定须年满16周岁" in found[5]
    assert [entry.person.name for entry in Entry.objects.filter(item=item)] == ["张乙"]


def test_marks_enter_nobody_of_another_age_and_leave_those_who_are_entered_alone(
    hands, client, settings, tmp_path
):
    settings.MEDIA_ROOT = tmp_path / "media"
    contest, handler = hands
    item = ItemFactory(competition=contest, entry_tier="worldskills", starts_on=FIRST_DAY)
    SchemeFactory(item=item)
    numbers = [identity_number(n, birth) for n, birth in enumerate(["20030901", "20030902", "19850615"], 1)]  # fmt: skip
    rows = [row(n, 40, 3, 3, 3, name=f"张{'甲乙丙'[n - 1]}") for n in (1, 2, 3)]
    for cells, number in zip(rows, numbers, strict=True):
        cells[2] = number
    known = PersonFactory(name="张丙", identity_digest=vault.digest(numbers[2]))
    there = EntryFactory(item=item, number="", person=known)
    client.force_login(handler)

    client.post(
        reverse("intake:upload", args=["marks", item.code]),
        {"file": SimpleUploadedFile("评分表.xlsx", book(rows))},
    )
    batch = ImportBatch.objects.get()
    told = set(batch.findings.values_list("line", "code"))
    preview = client.get(reverse("intake:file", args=[batch.pk])).content.decode()
    client.post(reverse("intake:commit", args=[batch.pk]))

    assert told == {(3, "entry-refused"), (4, "entry-unproven")}
    assert "须补交证明：在本市学习或工作满1年" in preview
    names = Entry.objects.filter(item=item).order_by("number")
    assert [entry.person.name for entry in names] == ["张乙", "张丙"]
    assert set(Mark.objects.values_list("entry__number", flat=True)) == {"002", "003"}
    there.refresh_from_db()
    assert there.number == "003"
    made = client.get(reverse("competitions:entry", args=[names[0].pk])).content.decode()
    assert "须补交社会保险、学籍或劳动合同等证明" in made
