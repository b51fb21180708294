"""The policy library: everybody reads it, few confirm what was chosen in it and draft the next edition."""

from datetime import date
from itertools import count as count_from

from organizations.roles import EVERYBODY, STAFF, Role
from policies.models import DefaultConfirmation
from policies.permissions import DECIDERS, READERS
from tests.factories.drafts import AT, draft_of
from tests.factories.policies import policy_edition
from tests.permissions.expectations import Action, AdminModel, ApiResource, Form, Open, Page

_revisions = count_from(1)


def editions(scene, count):
    return [policy_edition() for _ in range(count)]


def title_of(edition):
    return edition.title


def an_edition(scene):
    edition = policy_edition()
    return {"code": edition.code, "number": edition.edition}


def a_policy(scene):
    return {"code": policy_edition().code}


def two_editions(scene):
    first = policy_edition()
    policy_edition(first.code, number=2)
    return {"code": first.code, "older": 1, "newer": 2}


def a_row(scene):
    return {"pk": policy_edition().pk}


def an_object(scene):
    return {"object_id": policy_edition().pk}


def defaults(scene, count):
    return list(policy_edition(defaults=count).defaults.all())


def a_default(scene):
    """Of a policy of the district, in which whoever asks is at home."""
    (default,) = policy_edition(jurisdiction="东城区", defaults=1).defaults.all()
    return {"pk": default.pk}


def a_default_to_look_at(scene):
    return {"object_id": a_default(scene)["pk"]}


def a_confirmation_to_look_at(scene):
    return {"object_id": confirmations(scene, 1)[0].pk}


def confirmations(scene, count):
    return [
        DefaultConfirmation.objects.create(
            default=default,
            digest=default.digest,
            document_number="京工发〔2026〕3号",
            decided_on=date(2026, 3, 1),
            confirmed_by=scene.user,
        )
        for default in defaults(scene, count)
    ]


def confirmed_title_of(confirmation):
    return confirmation.default.title


def drafts(scene, count):
    """Under names of their own: those of policies are no secret."""
    names = (f"修订{next(_revisions)}办法" for _ in range(count))
    return [draft_of(scene.organization, scene.user, title=name) for name in names]


def a_draft(scene):
    return {"pk": drafts(scene, 1)[0].pk}


def a_submitted_draft(scene):
    return {"pk": draft_of(scene.organization, scene.user, state="submitted").pk}


def an_item_of_a_draft(scene):
    return {**a_draft(scene), "section": AT[0], "code": AT[1]}


def a_draft_to_look_at(scene):
    return {"object_id": a_draft(scene)["pk"]}


def a_policy_of_the_district(scene):
    return {"code": policy_edition(jurisdiction="东城区").code, "number": 1}


def title_of_draft(draft):
    return draft.title


ENDPOINTS = [
    Open("policies:list", fill=editions, name_of=title_of, visible_to_all=True),
    Open("policies:policy", target=a_policy, member=302, anonymous=302),
    Open("policies:edition", target=an_edition),
    Open("policies:text", target=an_edition),
    Open("policies:compare", target=two_editions),
    Open("policy-edition-list", fill=editions, name_of=title_of, visible_to_all=True),
    Open("policy-edition-detail", target=a_row),
    AdminModel(
        "policies.policyedition",
        view=STAFF | {Role.AUDITOR, Role.SYSTEM_ADMIN},
        target=an_object,
        fill=editions,
        name_of=title_of,
        visible_to_all=True,
    ),
    # the two choices of its filters, the confirmations, and whose word the policy waits for
    Page("policies:defaults", READERS, fill=defaults, visible_to_all=True, most_queries=13),
    Action("policies:defaults-export", READERS, actors=READERS),
    Action(
        "policies:defaults-act",
        READERS,
        kwargs={"action": "confirm"},
        actors=DECIDERS,
    ),
    Form(
        "policies:default-confirm",
        DECIDERS,
        actors=DECIDERS,
        target=a_default,
        visible_to_all=True,
    ),
    ApiResource(
        "policy-default",
        EVERYBODY,
        target=a_default,
        fill=defaults,
        visible_to_all=True,
        actions={"confirm": DECIDERS},
        bodies={"confirm": {"document_number": "京工发〔2026〕3号", "decided_on": "2026-03-01"}},
    ),
    AdminModel(
        "policies.editiondefault",
        view=STAFF | {Role.AUDITOR},
        target=a_default_to_look_at,
        fill=defaults,
        visible_to_all=True,
        most_queries=13,
    ),
    AdminModel(
        "policies.defaultconfirmation",
        view=STAFF | {Role.AUDITOR},
        target=a_confirmation_to_look_at,
        fill=confirmations,
        name_of=confirmed_title_of,
        visible_to_all=True,
    ),
    Page("policies:drafts", READERS, fill=drafts, name_of=title_of_draft),
    Action("policies:drafts-export", READERS, actors=READERS),
    Page("policies:draft", READERS, target=a_draft),
    Form(
        "policies:draft-new",
        STAFF,
        actors=STAFF,
        target=a_policy_of_the_district,
        visible_to_all=True,
    ),
    Form("policies:draft-edit", STAFF, actors=STAFF, target=a_draft),
    Form("policies:draft-item", STAFF, actors=STAFF, target=an_item_of_a_draft),
    Form("policies:draft-item-undo", STAFF, actors=STAFF, target=an_item_of_a_draft),
    Form("policies:draft-submit", STAFF, actors=STAFF, target=a_draft),
    Form("policies:draft-drop", STAFF, actors=STAFF, target=a_draft),
    Form("policies:draft-return", DECIDERS, actors=DECIDERS, target=a_submitted_draft),
    Form("policies:draft-activate", DECIDERS, actors=DECIDERS, target=a_submitted_draft),
    ApiResource(
        "policy-draft",
        READERS,
        target=a_submitted_draft,
        fill=drafts,
        actions={"submit": STAFF, "give-back": DECIDERS, "activate": DECIDERS},
        bodies={
            "give-back": {"note": "与文件不符"},
            "activate": {"version": 1},
            "submit": {"version": 1},
        },
    ),
    AdminModel(
        "policies.editiondraft",
        view=STAFF | {Role.AUDITOR},
        target=a_draft_to_look_at,
        fill=drafts,
        name_of=title_of_draft,
    ),
]
