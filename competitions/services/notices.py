"""What people are told about contests; never those who did it themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q
from django.urls import reverse

from competitions.models import Award, Entry
from competitions.rules.editions import appeals_until
from competitions.selectors.awards import not_borne_out, risen_in_vain
from organizations.models import Membership, User
from organizations.roles import STAFF, Role
from organizations.scoping import accounts_that_serve
from organizations.validity import in_force
from policies.wording import chinese_day
from talents.models import Honour
from workflow.notices import tell
from workflow.records import subject_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from django.db.models import QuerySet

    from competitions.models import Appeal, Board, Competition, Item, Judge, Promotion, Trial


def tell_kind_asked(contest: Competition, asked: str, *, actor: User) -> int:
    """Tell those who may agree that level and class of a contest with results are changed."""
    return tell(
        _others(accounts_that_serve(list(STAFF), contest.organizer.path), actor),
        f"竞赛级别、类别更正待同意：{contest.name}",
        subject=subject_of(contest),
        href=reverse("competitions:competition", args=[contest.code]),
        body=f"拟由{contest.kind_words}更正为{asked}。事由：{contest.kind_asked_for}。须另一人同意。",
    )


def tell_kind_changed(
    contest: Competition, withdrawn: Sequence[Promotion], certified: int, *, actor: User
) -> int:
    """Tell who keeps the contest, and the units of those proposed, what became of proposals drawn up before."""
    names = "、".join(one.person.name for one in withdrawn)
    words = [f"已撤回晋升建议：{names}，符合的请重新提出" if withdrawn else ""]
    words.append(f"已登记证书而不再符合的{certified}名，请在项目页面核实" if certified else "")
    whom = accounts_that_serve(list(STAFF), contest.organizer.path)
    for one in withdrawn:
        whom |= _of_unit(one.entry)
    return tell(
        _others(whom, actor),
        f"竞赛级别、类别已更正为{contest.kind_words}：{contest.name}",
        subject=subject_of(contest),
        href=reverse("competitions:competition", args=[contest.code]),
        body="；".join(filter(None, words)),
    )


def tell_announced(competition: Competition, *, actor: User) -> int:
    """Tell those who enter people of bodies below the organizer."""
    held = Membership.objects.filter(
        in_force(),
        role__in=[Role.NOMINATOR, Role.HANDLER],
        organization__path__startswith=competition.organizer.path,
    )
    until = (
        f"报名截止{chinese_day(competition.entries_until)}"
        if competition.entries_until
        else "报名截止日期另行通知"
    )
    return tell(
        User.objects.filter(is_active=True, pk__in=held.values("user")).exclude(pk=actor.pk),
        f"竞赛已发布：{competition.name}",
        subject=subject_of(competition),
        href=reverse("competitions:competition", args=[competition.code]),
        body=f"{until}。请打开竞赛查看项目和报名办法。",
    )


def tell_reviewed_again(trial: Trial, note: str, *, actor: User) -> int:
    """Tell those who hold the round, and the contest, that experts review the trade."""
    bodies = {trial.round.organizer.path, trial.item.competition.organizer.path}
    whom = Q(pk__in=[])
    for path in sorted(bodies):
        whom |= accounts_that_serve(list(STAFF), path)
    return tell(
        _others(whom, actor),
        f"{trial.trade}改回专家评审：{trial.round}",
        subject=subject_of(trial.item),
        href=reverse("talents:review-desk", args=[trial.round.code]),
        body=f"不再由{trial.item.competition}{trial.item}产生。事由：{note.strip()}。请安排专家评审或登记评分。",
    )


def tell_judge(judge: Judge, *, actor: User) -> int:
    """Tell a judge of the seat."""
    return tell(
        _others(Q(pk=judge.user_id), actor),
        f"您已受聘为裁判：{judge.item}",
        subject=subject_of(judge.item),
        href=reverse("competitions:judging", args=[judge.item.code]),
        body=f"第{judge.seat}席。请在“我的评分”中按加密号评分。",
    )


def tell_to_lock(item: Item, *, actor: User) -> int:
    """Tell those who may be the second to lock."""
    return tell(
        _handling(item, accounts_that_serve(list(STAFF), item.competition.organizer.path), actor),
        f"成绩待复核锁定：{item}",
        subject=subject_of(item),
        href=reverse("competitions:item", args=[item.code]),
        body="第一人已核对锁定，请另一人复核后锁定。",
    )


def tell_to_reopen(item: Item, *, actor: User) -> int:
    """Tell those who may agree that locked marks are opened again."""
    return tell(
        _handling(item, accounts_that_serve(list(STAFF), item.competition.organizer.path), actor),
        f"退回重评待同意：{item}",
        subject=subject_of(item),
        href=reverse("competitions:item", args=[item.code]),
        body=f"事由：{item.reopen_reason}。姓名已经对出，须另一人同意后才能退回重评。",
    )


def tell_published(board: Board, *, actor: User) -> int:
    """Tell the units of those on the board, and those of them who have an account.

    Of a later edition whoever keeps the contest is told, too, what it does not bear out any more.
    """
    units = set(board.lines.values_list("entry__unit__path", flat=True)) - {None}
    item = board.item
    until = appeals_until(board)
    whom = Q(pk__in=[])
    for path in sorted(units):
        whom |= accounts_that_serve([Role.NOMINATOR], path)
    digests = board.lines.order_by().values("entry__person__identity_digest")
    told = tell(
        _others(Q(is_active=True, owner_digest__in=digests), actor),
        f"您的竞赛成绩已公布：{item}（第{board.number}版）",
        subject=subject_of(item),
        href=reverse("competitions:own"),
        body=f"有异议的，本人或所在单位可于{chinese_day(until)}（含当日）以前申诉。"
        if until
        else "",
    )
    told += tell(
        _others(whom, actor),
        f"成绩已公布：{item}（第{board.number}版）",
        subject=subject_of(item),
        href=reverse("competitions:item", args=[item.code]),
        body=f"对成绩有异议的，请于{chinese_day(until)}（含当日）以前申诉。" if until else "",
    )
    return told + _tell_not_borne_out(board, actor=actor)


def tell_awarded(item: Item, entries: Sequence[Entry], *, actor: User) -> int:
    """Tell the units of those who are honoured."""
    whom = Q(pk__in=[])
    for entry in entries:
        whom |= _of_unit(entry)
    return tell(
        _others(whom, actor),
        f"授奖决定：{item}",
        subject=subject_of(item),
        href=f"{reverse('competitions:item', args=[item.code])}#awards",
        body="获奖证书已登记，可在项目页面打开核验、打印。",
    )


def tell_appeal(appeal: Appeal, *, actor: User) -> int:
    """Tell those who may decide it."""
    return tell(
        _handling(appeal.item, _arbiters_of(appeal.item.competition), actor),
        f"有申诉待仲裁：{appeal.item}",
        subject=subject_of(appeal),
        href=reverse("competitions:appeal", args=[appeal.pk]),
        body="请仲裁组成员仲裁，写明意见；提出申诉、打过分、与参赛人同单位的须回避。",
    )


def _arbiters_of(contest: Competition) -> Q:
    """The group; while there is none, the approvers, who see that there is to be one."""
    if contest.arbiters.exists():
        return Q(pk__in=contest.arbiters.values("user"))
    return accounts_that_serve([Role.APPROVER], contest.organizer.path)


def tell_decided(appeal: Appeal, *, actor: User) -> int:
    """Tell who filed it what came of it, with the reasons."""
    own = bytes(appeal.filed_by.owner_digest or b"") == bytes(appeal.entry.person.identity_digest)
    page = (
        ("competitions:own-entry", appeal.entry_id) if own else ("competitions:appeal", appeal.pk)
    )
    return tell(
        _others(Q(pk=appeal.filed_by_id), actor),
        f"申诉{appeal.get_state_display()}：{appeal.item}",
        subject=subject_of(appeal),
        href=reverse(page[0], args=[page[1]]),
        body=f"仲裁意见：{appeal.verdict}",
    )


def tell_asked_away(entry: Entry, *, actor: User) -> int:
    """Tell those who may decide that a published result is taken away."""
    contest = entry.item.competition
    whom = _arbiters_of(contest) | accounts_that_serve([Role.APPROVER], contest.organizer.path)
    return tell(
        _handling(entry.item, whom, actor),
        f"取消成绩待决定：{entry.person.name}，{entry.item}",
        subject=subject_of(entry),
        href=reverse("competitions:entry", args=[entry.pk]),
        body=f"事由：{entry.out_reason}。请另一位审批人或仲裁组成员决定。",
    )


def _tell_not_borne_out(board: Board, *, actor: User) -> int:
    """Tell who keeps the contest of awards and rises that a later board does not bear out any more."""
    item = board.item
    awards, risen = len(not_borne_out(item)), len(risen_in_vain(item))
    if not awards + risen:
        return 0
    return tell(
        _others(accounts_that_serve(list(STAFF), item.competition.organizer.path), actor),
        f"奖项、晋升与第{board.number}版成绩榜不符：{item}",
        subject=subject_of(item),
        href=reverse("competitions:item", args=[item.code]),
        body=f"奖项{awards}项、已晋升{risen}名。请在项目页面逐项办理撤销、收回证书或与发证部门核实。",
    )


def tell_left(entries: Sequence[Entry], why: str, *, actor: User) -> int:
    """Tell the unit of each that it is out, and why."""
    titled = ((one, f"{one.person.name}{one.get_state_display()}：{one.item}") for one in entries)
    return _tell_units(titled, f"事由：{why}", actor=actor)


def tell_left_out(entries: Sequence[Entry], why: str, *, actor: User) -> int:
    """Tell the unit of each that it stays out of a stage, and why."""
    titled = ((one, f"决定不再恢复参赛：{one.person.name}，{one.item}") for one in entries)
    body = f"上一赛段的成绩已恢复，本赛段不再恢复，事由：{why}。有异议的，本赛段成绩公布后在申诉期内申诉。"
    return _tell_units(titled, body, actor=actor)


def _tell_units(titled: Iterable[tuple[Entry, str]], body: str, *, actor: User) -> int:
    """Tell each unit of its own people only, under the title of each."""
    return sum(
        tell(
            _others(_of_unit(entry), actor),
            title,
            subject=subject_of(entry),
            href=reverse("competitions:entry", args=[entry.pk]),
            body=body,
        )
        for entry, title in titled
    )


def tell_in_later_stages(entries: Sequence[Entry], why: str, *, actor: User) -> int:
    """Tell who keeps a later stage that somebody takes part there by a result that was taken away."""
    rows = Entry.objects.filter(
        person__in=[one.person_id for one in entries],
        item__follows__in=[one.item_id for one in entries],
        state=Entry.State.ENTERED,
        is_seed=False,
    )
    return sum(
        tell(
            _others(accounts_that_serve(list(STAFF), one.item.competition.organizer.path), actor),
            f"晋级所凭成绩已取消：{one.person.name}，{one.item}",
            subject=subject_of(one),
            href=reverse("competitions:entry", args=[one.pk]),
            body=f"上一赛段成绩取消的事由：{why}。请办理本赛段取消成绩，之前不能引入递补的选手。",
        )
        for one in rows.select_related("person", "item__competition__organizer")
    )


def tell_later_stage(
    item: Item,
    back: Sequence[Entry],
    waiting: Sequence[Entry],
    beyond: Iterable[Entry],
    *,
    actor: User,
) -> int:
    """Tell who keeps a stage, after a new board of the one before: who is back, who has to be, who is too many."""
    names = [
        (back, "成绩已恢复，随之恢复本赛段参赛"),
        (waiting, "成绩已恢复，而本赛段的参赛已取消，请在其参赛页面恢复成绩（没有分数的，先重评、补齐）或决定不再恢复，之前不能锁定、公布和授奖"),
        (beyond, "不再列晋级名次，仍在本赛段参赛，请决定是否取消其参赛，之前不能引入晋级选手"),
    ]  # fmt: skip
    words = [
        f"{'、'.join(one.person.name for one in told)}{what}"
        for rows, what in names
        if (told := list(rows))
    ]
    if not words:
        return 0
    return tell(
        _others(accounts_that_serve(list(STAFF), item.competition.organizer.path), actor),
        f"上一赛段另出新版成绩榜，参赛人有变动：{item}",
        subject=subject_of(item),
        href=reverse("competitions:entries", args=[item.code]),
        body=f"{'；'.join(words)}。",
    )


def tell_given_back(entries: Sequence[Entry], why: str, *, actor: User) -> int:
    """Tell units that a result was given back, and approvers of titles doubted for its sake."""
    titles = Award.objects.filter(
        line__entry__in=[one.pk for one in entries], honour__state=Honour.State.DOUBTED
    )
    doubted = set(titles.values_list("line__entry", flat=True))
    told = 0
    for one in entries:
        whom = _of_unit(one)
        body = f"事由：{why}"
        told += tell(
            _others(whom, actor),
            f"成绩已恢复：{one.person.name}，{one.item}",
            subject=subject_of(one),
            href=reverse("competitions:entry", args=[one.pk]),
            body=body,
        )
        if one.pk in doubted:
            path = one.item.competition.organizer.path
            told += tell(
                _others(accounts_that_serve([Role.APPROVER], path), actor),
                f"成绩已恢复，撤销称号的提议请重新复核：{one.person.name}",
                subject=subject_of(one.item),
                href=f"{reverse('competitions:item', args=[one.item.code])}#awards",
                body=f"{body}。称号因取消成绩提出撤销，请按新版成绩榜复核。",
            )
    return told


def tell_certified(promotion: Promotion, *, actor: User) -> int:
    """Tell the unit that its man or woman has risen."""
    return tell(
        _others(_of_unit(promotion.entry), actor),
        f"{promotion.person.name}已晋升{promotion.get_target_display()}",
        subject=subject_of(promotion),
        href=reverse("competitions:item", args=[promotion.item.code]),
        body=f"{promotion.item}第{promotion.rank}名，证书已登记。",
    )


def tell_annulled(promotion: Promotion, *, actor: User) -> int:
    """Tell the unit and the one who had risen that the rise was taken back."""
    digest = promotion.person.identity_digest
    return tell(
        _others(_of_unit(promotion.entry) | Q(is_active=True, owner_digest=digest), actor),
        f"{promotion.person.name}晋升{promotion.get_target_display()}已撤销",
        subject=subject_of(promotion),
        href=reverse("competitions:own"),
        body=f"{promotion.item}另出新版成绩榜，原晋升与之不符，证书收回、不再作为等级依据。",
    )


def _of_unit(entry: Entry) -> Q:
    if entry.unit is None:
        return Q(pk__in=[])
    return accounts_that_serve([Role.NOMINATOR], entry.unit.path)


def _handling(item: Item, whom: Q, actor: User) -> QuerySet[User]:
    """Those of ``whom`` to whom something is left to do: not who takes part in the item."""
    entrants = Entry.objects.filter(item=item).order_by().values("person__identity_digest")
    return _others(whom, actor).exclude(owner_digest__in=entrants)


def _others(whom: Q, actor: User) -> QuerySet[User]:
    """Those of ``whom`` who did not do it themselves."""
    return User.objects.filter(whom).exclude(pk=actor.pk).distinct()
