"""Reading what people keep of forms they have not finished."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils import timezone

from pages.models import FormDraft
from pages.tables.paging import counted
from workflow.queues import Queue
from workflow.selectors import own_notices, unread

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from organizations.models import User

KEPT_FOR = timedelta(days=30)


def draft_of(user: User | AnonymousUser, path: str) -> FormDraft | None:
    """What this account last typed at ``path`` and has not done."""
    own = FormDraft.objects.visible_to(user)
    return own.filter(path=path, saved_at__gte=timezone.now() - KEPT_FOR).first()


def notice_queues(user: User, about: str, title: str, *, tone: str, note: str) -> list[Queue]:
    """What waits until notices of one kind are read: those whose subject begins with ``about``."""
    waiting = counted(unread(own_notices(user)).filter(subject__startswith=about))
    if not waiting:
        return []
    href = f"{reverse('portal:notices')}?read=no&about={about}"
    return [Queue(title, str(waiting), href, unit="件", tone=tone, note=note)]
