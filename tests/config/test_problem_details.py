import psycopg
import pytest
from django.core.exceptions import PermissionDenied
from django.db import OperationalError
from django.http import Http404
from rest_framework import exceptions

from config.problem_details import problem_details
from workflow.refusals import DomainError


def answer(exc):
    response = problem_details(exc, {})
    return response.status_code, response.content_type, response.data


def test_a_refusal_keeps_its_code_its_words_and_its_clause():
    refusal = DomainError("places-exceeded", "推荐人数超过名额", citation="第五条")

    assert answer(refusal) == (
        409,
        "application/problem+json",
        {
            "type": "places-exceeded",
            "title": "推荐人数超过名额",
            "status": 409,
            "citation": "第五条",
        },
    )


@pytest.mark.parametrize(
    ("exc", "status", "kind"),
    [
        (Http404("no Person matches the query"), 404, "not_found"),
        (PermissionDenied("tables say no"), 403, "permission_denied"),
        (exceptions.NotAuthenticated(), 401, "not_authenticated"),
        (exceptions.MethodNotAllowed("PUT"), 405, "method_not_allowed"),
    ],
    ids=("absent", "forbidden", "anonymous", "method"),
)
def test_what_django_refuses_is_a_problem_too(exc, status, kind):
    code, content_type, body = answer(exc)

    assert (code, content_type, body["type"]) == (status, "application/problem+json", kind)
    assert "matches the query" not in str(body)
    assert "tables" not in str(body)


def test_faulty_fields_are_named():
    _, _, body = answer(exceptions.ValidationError({"name": ["必填"]}))

    assert body == {
        "status": 400,
        "type": "invalid",
        "title": "无效的输入。",
        "errors": {"name": ["必填"]},
    }


@pytest.mark.parametrize(
    "error", [psycopg.errors.DeadlockDetected, psycopg.errors.LockNotAvailable]
)
def test_two_at_once_are_a_conflict_and_no_crash(error):
    exc = OperationalError("contended")
    exc.__cause__ = error("contended")

    code, _, body = answer(exc)

    assert (code, body["type"]) == (409, "busy")


@pytest.mark.parametrize("exc", [ValueError("ours"), OperationalError("gone")])
def test_an_impossible_error_is_left_to_crash(exc):
    assert problem_details(exc, {}) is None
