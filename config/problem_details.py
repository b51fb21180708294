"""Every refusal of the API is an RFC 9457 problem: what happened, why, and on which clause."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import OperationalError
from django.http import Http404
from rest_framework import exceptions, status
from rest_framework.response import Response
from rest_framework.views import exception_handler, set_rollback

from workflow.errors import DomainError

CONTENT_TYPE = "application/problem+json"
CONTENDED = {"40P01", "40001", "55P03"}  # deadlock, serialization, lock timeout: try once more


def problem_details(exc: Exception, context: dict[str, Any]) -> Response | None:
    """DRF's exception handler; None lets an impossible error crash as it should."""
    if isinstance(exc, OperationalError) and _sqlstate(exc) in CONTENDED:
        exc = DomainError("busy", "数据正被他人修改，请稍后重试")
    if isinstance(exc, DomainError):
        set_rollback()
        body = {"type": exc.code, "title": exc.message, "status": 409, "citation": exc.citation}
        return Response(body, status=status.HTTP_409_CONFLICT, content_type=CONTENT_TYPE)
    response = exception_handler(exc, context)
    if response is None:
        return None
    response.data = {"status": response.status_code, **_described(exc)}
    response.content_type = CONTENT_TYPE
    return response


def _sqlstate(error: OperationalError) -> str:
    return getattr(error.__cause__, "sqlstate", None) or ""


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
