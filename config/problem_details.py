"""Every refusal of the API is an RFC 9457 problem: what happened, why, and on which clause."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import exception_handler, set_rollback

from workflow.refusals.database import refusal_of
from workflow.refusals.problems import CONTENT_TYPE, REFUSED, problem_of


def problem_details(exc: Exception, context: dict[str, Any]) -> Response | None:
    """DRF's exception handler; None lets an impossible error crash as it should."""
    if refusal := refusal_of(exc):
        set_rollback()
        return Response(problem_of(refusal), status=REFUSED, content_type=CONTENT_TYPE)
    response = exception_handler(exc, context)
    if response is None:
        return None
    response.data = {"status": response.status_code, **_described(exc)}
    response.content_type = CONTENT_TYPE
    return response


def _described(exc: Exception) -> dict[str, Any]:
    if isinstance(exc, Http404):
        exc = exceptions.NotFound()
    if isinstance(exc, PermissionDenied):
        exc = exceptions.PermissionDenied()
    if not isinstance(exc, exceptions.APIException):
        return {"type": "error", "title": str(exc)}
    described: dict[str, Any] = {"type": exc.default_code, "title": str(exc.default_detail)}
    if isinstance(exc, exceptions.ValidationError):
        described["errors"] = exc.detail
    elif str(exc.detail) != described["title"]:
        described["detail"] = str(exc.detail)
    return described
