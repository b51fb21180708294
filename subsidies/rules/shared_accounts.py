"""Whether a person's money goes where another's does: to an account that is on several people's claims."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q

from subsidies.models import Claim, PayeeAccount

Filed = Claim.State


def is_shared() -> Q:
    """Of claims of people: a claim of another one that runs or was paid, or an academy, has the account.

    A studio's money goes to its unit, and so to one account for all of them.
    """
    of_it = {"account_digest": OuterRef("account_digest")}
    others = Claim.objects.filter(**of_it).exclude(state=Filed.REFUSED)
    others = others.exclude(kind=Claim.Kind.STUDIO).exclude(person=OuterRef("person"))
    academies = PayeeAccount.objects.filter(**of_it).exclude(state=PayeeAccount.State.REFUSED)
    of_person = Q(account_digest__isnull=False) & ~Q(kind=Claim.Kind.STUDIO)
    return of_person & (Q(Exists(others)) | Q(Exists(academies)))


def is_held() -> Q:
    """Of those, the ones of which nobody asked the person yet, and that nothing is paid of."""
    waiting = [Filed.FILED, Filed.ENDORSED, Filed.APPROVED, Filed.LISTED]
    return is_shared() & Q(called_by__isnull=True, state__in=waiting)
