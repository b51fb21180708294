"""Every table of ours stands in the back office, or it is said here why it does not."""

import pytest
from django.apps import apps
from django.contrib import admin
from django.urls import reverse

from config.layout import APPS
from intake.models import ImportFinding, ImportRow
from organizations.roles import Role
from tests.factories.organizations import OrganizationFactory, account
from tests.factories.workflow import ImportBatchFactory

#: The admin cannot show a model without a key of one column, nor should anybody read bits there.
NOT_REGISTERED = {
    "talents.assessment": "key of two columns; read sentence by sentence on the page 为什么",
    "academies.academyyear": "key of two columns; the figures stand on the page of the academy",
    "academies.academyyearperson": "key of three columns; the rows open from each figure",
    "reports.figurerows": "numbers of the rows sealed with a figure; they open from the figure",
    "subsidies.posting": "key of two columns; both sides stand with the entry on its page",
    "policies.editionuse": "the uses of an edition as triggers ask them; they are read on its page",
    "subsidies.evidenceprint": "bits of a picture; what looks alike stands among the red flags",
    "pages.sentform": "a note that one form of one person was done, so that it is not done twice",
    "pages.formdraft": "one person's unfinished form, sealed; opened and given up on the form itself",
    "pages.savedview": "a filter of one person; kept, used and forgotten above the list itself",
}
NUMBER = "110199197002262579"


def ours():
    return {
        model._meta.label_lower
        for app in APPS
        for model in apps.get_app_config(app).get_models()
        if not model._meta.auto_created
    }


def registered():
    return {model._meta.label_lower for model in admin.site._registry}


def test_every_model_is_registered_or_says_why_not():
    assert ours() - registered() == set(NOT_REGISTERED)


def test_nothing_but_our_models_is_registered():
    assert registered() <= ours()


@pytest.mark.parametrize("desk", list(admin.site._registry.values()), ids=lambda d: str(d.model))
def test_every_list_says_what_it_is_in_chinese_and_offers_a_way_to_narrow_it(desk):
    assert not str(desk.model._meta.verbose_name_plural).isascii()
    assert not desk.table.title.isascii()
    assert [column for column in desk.table.declared.values() if column.title]
    assert desk.table.filterset.base_filters


@pytest.mark.parametrize("model", [ImportRow, ImportFinding])
def test_a_number_of_a_person_in_the_wrong_cell_is_not_shown(client, db, model):
    city = OrganizationFactory()
    batch = ImportBatchFactory(organization=city, kind="talents.nominations")
    if model is ImportRow:
        row = ImportRow.objects.create(batch=batch, line=5, cells=["张三", f"号码{NUMBER}"])
    else:
        row = ImportFinding.objects.create(
            batch=batch, line=5, field="name", column="姓名", code="x", severity="error",
            message=f"“{NUMBER}”不是姓名",
        )  # fmt: skip
    client.force_login(account(Role.HANDLER, city))
    stem = f"admin:intake_{model._meta.model_name}"

    pages = [
        client.get(reverse(f"{stem}_changelist")).content.decode(),
        client.get(reverse(f"{stem}_change", args=[row.pk])).content.decode(),
    ]

    assert not [page for page in pages if NUMBER in page]
    assert all(f"/intake/files/{batch.pk}/" in page for page in pages)


@pytest.mark.parametrize(
    ("asked", "count"), [("{pk}", 1), ("99999999", 0), ("甲", 0), ("9" * 30, 0)]
)
def test_rows_of_an_import_are_found_by_the_number_of_their_batch(client, db, asked, count):
    city = OrganizationFactory()
    batch = ImportBatchFactory(organization=city, kind="talents.nominations")
    ImportRow.objects.create(batch=batch, line=5, cells=[])
    client.force_login(account(Role.HANDLER, city))

    page = client.get(
        reverse("admin:intake_importrow_changelist"), {"q": asked.format(pk=batch.pk)}
    )

    assert int(page.context["count"].number) == count
