"""Drafts of the next edition of a policy."""

from datetime import date

from policies.models import EditionDraft
from policies.services.drafts import with_change
from tests.factories.policies import policy_edition
from tests.factories.workflow import moved

DOCUMENT = {
    "document_title": "关于调整一线工作年限的通知",
    "document_number": "京工发〔2026〕9号",
    "publisher": "示例工会",
    "issued_on": date(2026, 6, 1),
}
AT = ("criteria", "months")
#: The criterion of ``tests.factories.policies.TEXT`` with another threshold.
CHANGE = {"at_least": "48", "title": "一线四年", "quote": "有4年以上一线工作经历"}


def draft_of(organization, drafter, *, edition=None, state="draft", **facts):
    """A draft of the edition after ``edition``, changing one threshold."""
    edition = edition or policy_edition()
    told = {"title": edition.title, "status": "trial", "summary": "示例", **DOCUMENT}
    told |= {"effective_from": date(2027, 1, 1), "organization": organization, **facts}
    draft = EditionDraft.objects.create(
        code=edition.code, base=edition, drafted_by=drafter, handled_by=[drafter.pk],
        changes=with_change(EditionDraft(), AT, CHANGE), **told,
    )  # fmt: skip
    if state != draft.state:
        moved(EditionDraft.objects.filter(pk=draft.pk), state)
        draft.refresh_from_db()
    return draft
