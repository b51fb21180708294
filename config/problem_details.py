"""Every refusal of the API is an RFC 9457 problem: what happened, why, and on which clause."""

from django.core.exceptions import PermissionDenied
from django.http import Http404
from rest_framework import exceptions, status
from rest_framework.response import Response
from rest_framework.views import exception_handler, set_rollback

from workflow.errors import DomainError

CONTENT_TYPE = "application/problem+json"


def problem_details(exc, context):
    if isinstance(exc, DomainError):
        set_rollback()
        body = {"type": exc.code, "title": exc.message, "status": 409, "citation": exc.citation}
        return Response(body, status=status.HTTP_409_CONFLICT, content_type=CONTENT_TYPE)
    response = exception_handler(exc, context)
    if response is None:
        return None
    if isinstance(exc, Http404):
        exc = exceptions.NotFound()
    elif isinstance(exc, PermissionDenied):
        exc = exceptions.PermissionDenied()
    body = {"type": exc.default_code, "title": str(exc.default_detail), "status": response.status_code}
    if isinstance(exc, exceptions.ValidationError):
        body["errors"] = exc.detail
    elif str(exc.detail) != body["title"]:
        body["detail"] = str(exc.detail)
    response.data = body
    response.content_type = CONTENT_TYPE
    return response
