"""Pages for everybody that are kept as they were drawn, until something is put on record."""

from __future__ import annotations

from functools import wraps
from hashlib import sha256
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from django.contrib.messages import get_messages
from django.core.cache import cache
from django.http import HttpResponse

from workflow.models import Record

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponseBase

#: Of two records the earlier may be committed last: what was drawn between is kept no longer than this.
KEPT_SECONDS, MOST_PAGES = 300, 50


def kept_for_all(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Draw a page once for all who are not logged in; nothing changes but on the record, so the newest
    record is its key: one question answers a visit.

    Only pages that are turned are kept, not whatever is searched for.
    """

    @wraps(view)
    def kept(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        page = _page_asked(request)
        if page is None or request.method != "GET" or request.user.is_authenticated:
            return view(request, *args, **kwargs)
        if len(get_messages(request)):  # what is said to this visitor is for nobody else
            return view(request, *args, **kwargs)
        chain = sha256(request.GET.get("chain", "").encode()).hexdigest()
        key = f"contests-for-all:{request.path}:{chain}:{page}:{Record.newest_change()}"
        drawn = cache.get(key)
        if drawn is not None:
            return HttpResponse(drawn)
        answer = view(request, *args, **kwargs)
        if isinstance(answer, HttpResponse) and answer.status_code == HTTPStatus.OK:
            cache.set(key, answer.content, KEPT_SECONDS)
        return answer

    return kept


def _page_asked(request: HttpRequest) -> int | None:
    """Which page; None where anything else is asked."""
    asked = request.GET.dict()
    told = asked.pop("page", "1")
    asked.pop("chain", "")  # a name that stands nowhere answers 404, and that is not kept
    is_number = told.isascii() and told.isdigit() and len(told) < len(str(MOST_PAGES)) + 1
    return int(told) if not asked and is_number and int(told) <= MOST_PAGES else None
