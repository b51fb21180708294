"""Addresses and answers of the back office."""

from django.urls import reverse


def at(name, *args):
    return reverse(f"admin:{name}", args=args)


def errors_of(answer):
    assert answer.status_code == 200, "the form was accepted"
    return answer.context["adminform"].form.errors
