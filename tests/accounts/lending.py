"""Lending a role as tests do."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.utils.timezone import localdate

from accounts.services import delegations
from organizations.models import User
from workflow.refusals import DomainError


def again(user):
    """The account as the next request reads it."""
    return User.objects.get(pk=user.pk)


def own_role(user):
    return user.memberships.get(stands_for__isnull=True)


def lend(user, to, *, begins=None, days=7, reason="出差"):
    begins = begins or localdate()
    return delegations.lend(
        own_role(user), to, begins=begins, ends=begins + timedelta(days=days),
        reason=reason, actor=again(user),
    )  # fmt: skip


def refused(call, *args, **words):
    with pytest.raises(DomainError) as caught, transaction.atomic():
        call(*args, **words)
    return caught.value.code
