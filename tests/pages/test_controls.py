"""What nobody can see enters by no form, by no interface and in no cell."""

import pytest
from django import forms
from django.urls import get_resolver
from rest_framework import serializers

from intake.models import ImportFinding
from tests.talents.importing import call_of_nominations, sheet_of, staged
from workflow.texts.controls import CONTROL

get_resolver().url_patterns  # noqa: B018 - every form and serializer of the house is loaded
UNSEEN = "甲\x07乙\x9f"


def below(made):
    for one in made.__subclasses__():
        yield one
        yield from below(one)


def fields_of(base, attribute, kind):
    return {
        f"{made.__module__}.{made.__qualname__}.{name}": field
        for made in below(base)
        for name, field in getattr(made, attribute, {}).items()
        if isinstance(field, kind)
    }


def takes(field):
    try:
        return CONTROL.search(str(field.clean(UNSEEN)))
    except forms.ValidationError:
        return False


def is_stored(field):
    try:
        field.run_validation(UNSEEN)
    except serializers.ValidationError:
        return False
    return True


@pytest.mark.django_db
def test_no_field_of_a_form_takes_it():
    fields = fields_of(forms.BaseForm, "base_fields", forms.CharField)

    assert len(fields) > 100
    assert [name for name, field in fields.items() if takes(field)] == []


def test_no_field_of_the_interface_takes_it():
    found = fields_of(serializers.Serializer, "_declared_fields", serializers.CharField)
    fields = {name: field for name, field in found.items() if not field.read_only}

    assert len(fields) > 10
    assert [name for name, field in fields.items() if is_stored(field)] == []


@pytest.mark.django_db
@pytest.mark.parametrize(("heading", "cell"), [("引领力", "甲\x07"), ("姓名", "曾怡刚\x9f")])
def test_no_row_with_it_is_taken(heading, cell):
    call = call_of_nominations()
    batch = staged(call, sheet_of(call, {heading: cell}))

    found = ImportFinding.objects.get(batch=batch, code="cell-unseen-signs")
    assert (found.column, found.severity) == (heading, "error")
    assert batch.accepted_count == 0
