"""Lists that are put up and objections to them; rounds here are called by the unit itself."""

from django.utils import timezone

from organizations.models import User
from organizations.roles import FILING, STAFF, Role
from talents.workflow.objections import (
    Came,
    Reported,
    decide_objection,
    enter_objection,
    look_into,
)
from tests.factories.endorsing import SCAN, levelled_round
from tests.factories.organizations import account, with_child
from tests.factories.publicity import (
    drafted_notice,
    ended,
    look_of,
    posted_notice,
    received_objection,
)
from tests.permissions.expectations import Action, AdminModel, ApiResource, Form, Open, Page
from tests.permissions.talents import (
    OFFICE,
    a_confirmed_nomination,
    an_open_round,
    by_code,
    by_pk,
    one,
    page_of,
)

LEVEL_WORDS = {"minutes_number": "第2次", "posted_at": "网站", "contact": "职工发展部"}
HANDLERS = STAFF | {Role.AUDITOR}
APPROVERS = frozenset({Role.APPROVER})


def a_confirmed_round(scene):
    """One with somebody to decide about."""
    return a_confirmed_nomination(scene).round


def drafts(scene, count):
    return [drafted_notice(an_open_round(scene)) for _ in range(count)]


def posted(scene, count):
    return [posted_notice(an_open_round(scene)) for _ in range(count)]


def over(scene, count):
    return [ended(notice) for notice in posted(scene, count)]


def entries(scene, count):
    return [notice.entries.first() for notice in drafts(scene, count)]


def objections(scene, count):
    return [received_objection(notice) for notice in posted(scene, count)]


def a_looked_into_objection(scene):
    (objection,) = objections(scene, 1)
    return look_into(objection.pk, finding="已调阅项目档案", actor=User.objects.system())


def a_level(scene):
    """A body below the one that calls the round, and above nobody."""
    selection = levelled_round(scene.organization)
    body = with_child(scene.organization, "unit")
    return {"code": selection.code, "body": body.pk}


def an_upheld_objection(scene):
    objection = a_looked_into_objection(scene)
    approver = account(Role.APPROVER, scene.organization)
    return decide_objection(objection.pk, is_upheld=True, actor=approver)


def a_letter(scene):
    (notice,) = posted(scene, 1)
    entry = notice.entries.first()
    came = Came("letter", timezone.localdate(), SCAN)
    return enter_objection(
        entry.pk, Reported("deeds", "获奖项目并非本人完成", ""), came, actor=User.objects.system()
    )


def checks(scene, count):
    return [look_of(notice) for notice in posted(scene, count)]


ENDPOINTS = [
    Form(
        "talents:notice-check",
        STAFF,
        actors=STAFF,
        target=by_pk(one(posted)),
        data=lambda scene: {
            "place": "公司网站",
            "is_up": "yes",
            "told": "",
            "seen_at": f"{timezone.localtime():%Y-%m-%dT%H:%M}",
        },
    ),
    Page("talents:notice-check-scan", HANDLERS, target=by_pk(one(checks))),
    AdminModel(
        "talents.noticecheck",
        view=OFFICE,
        target=by_pk(one(checks)),
        fill=checks,
        name_of=page_of,
    ),
    Form("talents:notice-new", STAFF, actors=STAFF, target=by_code(a_confirmed_round)),
    Form(
        "talents:level-notice-new",
        STAFF,
        actors=STAFF,
        target=a_level,
        data=lambda scene: LEVEL_WORDS,
    ),
    Page("talents:notice", FILING, target=by_pk(one(posted))),
    Form(
        "talents:objection-enter",
        STAFF,
        actors=STAFF,
        target=by_pk(one(posted)),
        data=lambda scene: {"channel": "letter", "category": "deeds", "words": "太短"},
    ),
    Page("talents:objection-scan", HANDLERS, target=by_pk(a_letter)),
    Form(
        "talents:objection-reopen",
        STAFF,
        actors=APPROVERS,
        target=by_pk(an_upheld_objection),
        data=lambda scene: {"note": "有新的证明材料，重新核查"},
        peeked=frozenset({409}),
    ),
    Form(
        "talents:notice-drop",
        STAFF,
        actors=STAFF,
        target=by_pk(one(drafts)),
        data=lambda scene: {"note": "名单有误，重新拟定"},
    ),
    Form(
        "talents:notice-post",
        STAFF,
        actors=APPROVERS,
        target=by_pk(one(drafts)),
        data=lambda scene: {"starts_on": "2099-01-05"},
        peeked=frozenset({409}),
    ),
    Form(
        "talents:notice-name",
        STAFF,
        actors=APPROVERS,
        target=by_pk(one(over)),
        data=lambda scene: {"document_number": "京工发〔2026〕9号"},
        peeked=frozenset({409}),
    ),
    Form(
        "talents:notice-add-place",
        STAFF,
        actors=APPROVERS,
        target=by_pk(one(posted)),
        data=lambda scene: {"document_number": "京工发〔2026〕10号", "note": "异议改判不成立"},
        shown=frozenset({409}),
        peeked=frozenset({409}),
    ),
    Page("talents:objections", HANDLERS, fill=objections, name_of=lambda row: row.receipt),
    Action("talents:objections-export", HANDLERS, actors=HANDLERS),
    Page("talents:objection", HANDLERS, target=by_pk(one(objections))),
    Form(
        "talents:objection-look",
        STAFF,
        actors=STAFF,
        target=by_pk(one(objections)),
        data=lambda scene: {"finding": "已调阅项目档案"},
    ),
    Form(
        "talents:objection-decide",
        STAFF,
        actors=APPROVERS,
        target=by_pk(a_looked_into_objection),
        data=lambda scene: {"verdict": "dismissed"},
        peeked=frozenset({409}),
    ),
    Page(
        "talents:notice-paper",
        FILING,
        target=lambda scene: {**by_pk(one(posted))(scene), "kind": "xlsx"},
    ),
    Open(
        "talents:public-notices",
        fill=posted,
        name_of=lambda row: row.round.name,
        visible_to_all=True,
    ),
    Open("talents:public-notice", target=by_pk(one(posted))),
    Open("talents:object", target=by_pk(one(posted))),
    Open("talents:receipt"),
    Open("talents:self-check"),
    ApiResource(
        "publicnotice",
        FILING,
        target=by_pk(one(posted)),
        fill=posted,
        name_of=lambda row: row.sha256,
        actions={
            "put-up": STAFF,
            "give-names": STAFF,
            "drop": STAFF,
            "check": STAFF,
            "enter-objection": STAFF,
            "add-place": STAFF,
        },
        bodies={
            "enter-objection": {
                "entry": 1,
                "category": "deeds",
                "words": "获奖项目并非本人完成，请核实",
                "channel": "phone",
                "received_on": "2026-03-02",
            },
            "drop": {"note": "名单有误，重新拟定"},
            "check": {"place": "公司网站", "seen_at": "2026-03-02T09:00", "is_up": True},
            "put-up": {"starts_on": "2099-01-05"},
            "give-names": {"document_number": "京工发〔2026〕9号"},
            "add-place": {"document_number": "京工发〔2026〕10号", "note": "异议改判不成立"},
        },
    ),
    ApiResource(
        "objection",
        HANDLERS,
        target=by_pk(one(objections)),
        fill=objections,
        name_of=lambda row: row.receipt,
        actions={"look": STAFF, "decide": STAFF, "reopen": STAFF},
        bodies={
            "look": {"finding": "已调阅项目档案"},
            "decide": {"is_upheld": False},
            "reopen": {"note": "有新的证明材料，重新核查"},
        },
    ),
    AdminModel(
        "talents.publicnotice",
        view=OFFICE,
        target=by_pk(one(drafts)),
        fill=drafts,
        name_of=page_of,
    ),
    AdminModel(
        "talents.noticeentry",
        view=OFFICE,
        target=by_pk(one(entries)),
        fill=entries,
        name_of=page_of,
    ),
    AdminModel(
        "talents.objection",
        view=OFFICE,
        target=by_pk(one(objections)),
        fill=objections,
        name_of=page_of,
    ),
]
