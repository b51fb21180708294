"""Contests with an item, its scheme, entrants and marks."""

from datetime import date
from decimal import Decimal

import factory
from django.utils import timezone

from competitions.models import (
    Appeal,
    Arbiter,
    Aspect,
    Award,
    Board,
    BoardLine,
    Chain,
    Competition,
    Entry,
    Item,
    Judge,
    Mark,
    Promotion,
    Scheme,
    Terms,
    Trial,
    TypedSheet,
)
from competitions.rules.editions import edition_for
from policies.library.contests import ContestClass, ContestLevel
from policies.models import PolicyEdition
from tests.factories.honours import HonourFactory
from tests.factories.organizations import OrganizationFactory, UserFactory
from tests.factories.policies import policy_edition
from tests.factories.talents import PersonFactory, RoundFactory


class CompetitionFactory(factory.django.DjangoModelFactory):
    """A contest 市级二类 that is being prepared."""

    class Meta:
        model = Competition

    code = factory.Sequence(lambda n: f"C{n}")
    name = factory.Sequence(lambda n: f"第{n}届技能竞赛")
    level = ContestLevel.CITY
    contest_class = ContestClass.SECOND
    year = 2026
    organizer = factory.SubFactory(OrganizationFactory)
    starts_on = date(2026, 9, 1)
    ends_on = date(2026, 9, 3)
    entries_from = date(2026, 6, 1)
    entries_until = date(2026, 7, 31)


class ChainFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Chain

    organization = factory.SubFactory(OrganizationFactory)
    name = factory.Sequence(lambda n: f"第{n}产业链")
    basis = "产业链清单"


class TermsFactory(factory.django.DjangoModelFactory):
    """The first version of what is promised."""

    class Meta:
        model = Terms

    competition = factory.SubFactory(CompetitionFactory)
    number = 1
    text = "一、自愿参赛，服从裁判和仲裁。"
    issued_by = factory.SubFactory(UserFactory)


class ItemFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Item

    competition = factory.SubFactory(CompetitionFactory)
    code = factory.Sequence(lambda n: f"I{n}")
    name = factory.Sequence(lambda n: f"焊工{n}")
    occupation = "焊工"
    starts_on = date(2026, 9, 1)
    ends_on = date(2026, 9, 2)


class SchemeFactory(factory.django.DjangoModelFactory):
    """40 points measured, 60 judged by three."""

    class Meta:
        model = Scheme
        skip_postgeneration_save = True

    item = factory.SubFactory(ItemFactory)
    number = 1

    @factory.post_generation
    def aspects(self, create, extracted, **kwargs):
        Aspect.objects.bulk_create(
            [
                Aspect(scheme=self, position=1, code="A1", method="measurement", maximum=40),
                Aspect(scheme=self, position=2, code="B1", method="judgement", maximum=60, seats=3),
            ]
        )


class EntryFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Entry

    item = factory.SubFactory(ItemFactory)
    number = factory.Sequence(lambda n: f"{n:04}")
    #: As the number, so that tests name a work as they named its entrant.
    work_code = factory.SelfAttribute("number")
    person = factory.SubFactory(
        PersonFactory, organization=factory.SelfAttribute("..item.competition.organizer")
    )
    present_level = "3"
    #: So that nobody owes proof but where a test is about it.
    in_city_since = date(2015, 7, 1)


def on_file(row, **otherwise):
    """What is on file about a contest, an item or an entrant, as a correction hands it in."""
    return {name: getattr(row, name) for name in row.CORRECTABLE.fields} | otherwise


def marked(entry, measured, *judged):
    """The entry, with these marks for the two aspects of ``SchemeFactory``."""
    scheme = entry.item.schemes.first() or SchemeFactory(item=entry.item)
    first, second = scheme.aspects.all()
    Mark.objects.bulk_create(
        [
            Mark(entry=entry, aspect=first, value=Decimal(str(measured))),
            *(
                Mark(entry=entry, aspect=second, seat=seat, value=value)
                for seat, value in enumerate(judged, start=1)
            ),
        ]
    )
    return entry


class JudgeFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Judge

    item = factory.SubFactory(ItemFactory)
    user = factory.SubFactory(UserFactory)
    seat = 1


class BoardFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Board

    scheme = factory.SubFactory(SchemeFactory)
    item = factory.SelfAttribute("scheme.item")
    number = 1
    digest = "0" * 64
    published_at = factory.LazyFunction(timezone.now)
    published_by = factory.SubFactory(UserFactory)


class BoardLineFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = BoardLine

    board = factory.SubFactory(BoardFactory)
    entry = factory.SubFactory(EntryFactory, item=factory.SelfAttribute("..board.item"))
    rank = 1
    total = Decimal("90.00")
    medal = "gold"
    number = factory.SelfAttribute("entry.number")
    name = factory.SelfAttribute("entry.person.name")


class AwardFactory(factory.django.DjangoModelFactory):
    """A gold medal, in the register as a title."""

    class Meta:
        model = Award

    line = factory.SubFactory(BoardLineFactory)
    kind = "gold"
    name = factory.SelfAttribute("line.name")
    honour = factory.SubFactory(
        HonourFactory,
        person=factory.SelfAttribute("..line.entry.person"),
        organization=factory.SelfAttribute("..line.board.item.competition.organizer"),
        title="职业技能竞赛金牌",
        occasion="第1届技能竞赛焊工项目",
        scheme="contest-promotion",
        tier="gold",
    )


class TypedSheetFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = TypedSheet

    entry = factory.SubFactory(EntryFactory)
    seat = 2
    typed_by = factory.SubFactory(UserFactory)
    values = factory.LazyFunction(lambda: {"B1": "3"})


class TrialFactory(factory.django.DjangoModelFactory):
    """A final that decides the trade 焊工 of a round of its organizer."""

    class Meta:
        model = Trial

    item = factory.SubFactory(ItemFactory)
    round = factory.SubFactory(
        RoundFactory, organizer=factory.SelfAttribute("..item.competition.organizer")
    )
    trade = "焊工"


class ArbiterFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Arbiter

    competition = factory.SubFactory(CompetitionFactory)
    user = factory.SubFactory(UserFactory)


class AppealFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Appeal

    board = factory.SubFactory(BoardFactory)
    item = factory.SelfAttribute("board.item")
    entry = factory.SubFactory(EntryFactory, item=factory.SelfAttribute("..board.item"))
    grounds = "第二项计时有误"
    filed_by = factory.SubFactory(UserFactory)


class PromotionFactory(factory.django.DjangoModelFactory):
    """From 高级工 to 技师, by the edition of the rules that is on file."""

    class Meta:
        model = Promotion

    entry = factory.SubFactory(EntryFactory)
    item = factory.SelfAttribute("entry.item")
    person = factory.SelfAttribute("entry.person")
    occupation = "焊工"
    year = 2026
    rank = 1
    present = "3"
    target = "2"
    clause = "前5名晋升技师"
    edition = factory.LazyFunction(lambda: PolicyEdition.objects.first() or policy_edition())


def for_reserve(lines):
    """Lines of items that feed the reserve list, of contests planned since the rules were on file."""
    items = Item.objects.filter(boards__lines__in=lines)
    items.update(entry_tier="national")
    for contest in Competition.objects.filter(items__in=items).distinct():
        contest.edition = edition_for(contest.year, contest.starts_on)
        contest.save(update_fields=["edition"])
    return lines
