"""Audits of the money of an academy that the unit itself hosts: the auditors' own, findings for all readers."""

from audits.services.withdrawing import doubt
from organizations.models import User
from organizations.roles import Role
from tests.factories.audits import audited, concluded, finding_of, paper_of, sample_of
from tests.permissions.academies import an_academy, as_sheets, by_pk
from tests.permissions.expectations import Action, AdminModel, ApiResource, Form, Page
from tests.permissions.subsidies import FINANCE, OFFICE, READERS, change_of, of_the_body

AUDITORS = frozenset({Role.AUDITOR})


def audits(scene, count):
    return [audited(an_academy(scene), expenses=1) for _ in range(count)]


def an_audit(scene, *, expenses=1):
    return audited(of_the_body(scene), expenses=expenses)


def expense_of(audit):
    return audit.fund.expenses.order_by("pk").first()


def samples(scene, count):
    return [sample_of(audit) for audit in audits(scene, count)]


def papers(scene, count):
    return [paper_of(audit, expense_of(audit)) for audit in audits(scene, count)]


def findings(scene, count):
    return [finding_of(audit, expense_of(audit), state="issued") for audit in audits(scene, count)]


def a_paper(state):
    def make(scene):
        audit = an_audit(scene)
        return {"pk": paper_of(audit, expense_of(audit), state=state).pk}

    return make


def a_finding(state, **facts):
    def make(scene):
        audit = an_audit(scene)
        return {"pk": finding_of(audit, expense_of(audit), state=state, **facts).pk}

    return make


def a_doubted_finding(scene):
    audit = an_audit(scene)
    finding = finding_of(audit, expense_of(audit), state="issued")
    doubt(finding.pk, actor=User.objects.system(), note="认定有误")
    return {"pk": finding.pk}


def a_report(scene):
    return {"pk": concluded(an_audit(scene)).pk}


def page_of(row):
    return f"/audits/{row.pk}/"


def form(name, target):
    return Form(f"audits:{name}", AUDITORS, actors=AUDITORS, target=target)


ENDPOINTS = [
    Page("audits:engagements", AUDITORS, fill=audits, name_of=page_of),
    Action("audits:engagements-export", AUDITORS, actors=AUDITORS),
    Form("audits:engagement-new", AUDITORS, actors=AUDITORS, not_a_list="a form"),
    Page("audits:engagement", AUDITORS, target=by_pk(audits)),
    Action("audits:engagement-papers-export", AUDITORS, actors=AUDITORS, target=by_pk(audits)),
    form("sample-new", by_pk(audits)),
    form("paper-new", by_pk(audits)),
    form("finding-new", by_pk(audits)),
    form("engagement-report", by_pk(audits)),
    form("engagement-archive", a_report),
    Page("audits:report", AUDITORS, target=as_sheets(audits)),
    Action("audits:dossier", AUDITORS, actors=AUDITORS, target=by_pk(audits)),
    Page("audits:sample", AUDITORS, target=by_pk(samples)),
    Page("audits:papers", AUDITORS, fill=papers, name_of=lambda row: f"/papers/{row.pk}/"),
    Action("audits:papers-export", AUDITORS, actors=AUDITORS),
    Page("audits:paper", AUDITORS, target=by_pk(papers)),
    Page("audits:paper-print", AUDITORS, target=as_sheets(papers)),
    form("paper-examine", by_pk(papers)),
    form("paper-review", a_paper("done")),
    form("paper-reopen", a_paper("done")),
    Page("audits:findings", READERS, fill=findings, name_of=lambda row: f"/findings/{row.pk}/"),
    Action("audits:findings-export", READERS, actors=READERS),
    Page("audits:finding", READERS, target=by_pk(findings)),
    form("finding-edit", a_finding("draft")),
    form("finding-issue", a_finding("draft")),
    Form("audits:finding-refund", FINANCE, actors=FINANCE, target=a_finding("proved", refund=1)),
    form("finding-finish", a_finding("issued")),
    form("finding-doubt", a_finding("issued")),
    # whose own doubt it is only its doubter may take back
    Form(
        "audits:finding-doubt-drop",
        AUDITORS,
        actors=frozenset(),
        target=a_doubted_finding,
        peeked=frozenset({409}),
    ),
    # approvers decide only where no auditor is left
    Form(
        "audits:finding-withdraw",
        AUDITORS | {Role.APPROVER},
        actors=AUDITORS,
        target=a_doubted_finding,
        peeked=frozenset({409}),
    ),
    ApiResource(
        "engagement",
        AUDITORS,
        target=by_pk(audits),
        fill=audits,
        actions={"report": AUDITORS, "archive": AUDITORS},
        bodies={"report": {"conclusion": "使用规范"}},
    ),
    ApiResource("sample", AUDITORS, target=by_pk(samples), fill=samples),
    ApiResource(
        "auditpaper",
        AUDITORS,
        target=by_pk(papers),
        fill=papers,
        actions={"examine": AUDITORS, "review": AUDITORS, "return": AUDITORS},
        bodies={
            "examine": {"marks": ["invoice"], "seen": "相符"},
            "return": {"note": "补充证据"},
        },
    ),
    ApiResource(
        "auditfinding",
        READERS,
        target=by_pk(findings),
        fill=findings,
        actions={
            "issue": AUDITORS,
            "take-back": frozenset({Role.FINANCE}),
            "finish": AUDITORS,
            "doubt": AUDITORS,
            "drop-doubt": AUDITORS,
            "withdraw": AUDITORS,
            "uphold": AUDITORS,
        },
        bodies={
            "finish": {"note": "整改到位"},
            "doubt": {"note": "认定有误"},
            "drop-doubt": {"note": "认定无误"},
            "withdraw": {"note": "认定有误"},
            "uphold": {"note": "认定无误"},
        },
    ),
    AdminModel(
        "audits.engagement", view=AUDITORS, target=by_pk(audits), fill=audits, name_of=change_of
    ),
    AdminModel(
        "audits.sample", view=AUDITORS, target=by_pk(samples), fill=samples, name_of=change_of
    ),
    AdminModel("audits.paper", view=AUDITORS, target=by_pk(papers), fill=papers, name_of=change_of),
    AdminModel(
        "audits.finding", view=OFFICE, target=by_pk(findings), fill=findings, name_of=change_of
    ),
]
