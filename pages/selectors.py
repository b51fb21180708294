"""Reading what people keep of forms they have not finished."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.utils import timezone

from pages.models import FormDraft

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from organizations.models import User

KEPT_FOR = timedelta(days=30)


def draft_of(user: User | AnonymousUser, path: str) -> FormDraft | None:
    """What this account last typed at ``path`` and has not done."""
    own = FormDraft.objects.visible_to(user)
    return own.filter(path=path, saved_at__gte=timezone.now() - KEPT_FOR).first()
