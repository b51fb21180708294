"""Asking an address, and what came of it: status, body without tokens, tables written."""

import contextlib
import re
from dataclasses import dataclass
from http.cookies import SimpleCookie

from django.db import connection, transaction
from django.test import Client
from django.urls import reverse

from organizations.roles import Role
from tests.permissions.expectations import Action, AdminModel, ApiResource, Form, Own
from tests.permissions.world import PLACES, Scene, client_of

ABSENT = "absent"
NO_SUCH_KEY = 2_000_000_000
#: A look leaves its trace in the session, in the count of persons read and, where data leave the
#: house, on the record.
ALLOWED_ON_GET = frozenset({"django_session", "workflow_record", "pages_readingtally"})
WRITE = re.compile(r'\s*(?:INSERT INTO|UPDATE|DELETE FROM)\s+"?(\w+)"?', re.IGNORECASE)
#: What differs from one answer to the next whatever was asked: the token, the time of day.
PASSING = re.compile(
    rb'name="csrfmiddlewaretoken" value="[^"]*"|data-session-(?:idle|latest)="[0-9]+"|'
    + "打印时间：[^<]*".encode()
)


@dataclass(frozen=True)
class Answer:
    status: int
    body: bytes
    location: str
    writes: frozenset


def answer(client, url, *, method="get", data=None, **headers):
    """Ask; whatever was written is taken back afterwards."""
    # a message of this answer must not stand in the next
    cookies = {name: morsel.value for name, morsel in client.cookies.items()}
    with transaction.atomic(), writes_of() as writes:
        response = getattr(client, method)(url, data or {}, headers=headers)
        body = b"".join(response) if response.streaming else response.content
        transaction.set_rollback(True)
    client.cookies = SimpleCookie(cookies)
    return Answer(
        response.status_code,
        PASSING.sub(b"", body),
        response.headers.get("Location", ""),
        frozenset(writes),
    )


@contextlib.contextmanager
def writes_of():
    """The tables that are written to inside the block."""
    tables = set()

    def note(execute, sql, parameters, many, context):
        if match := WRITE.match(str(sql)):
            tables.add(match[1])
        return execute(sql, parameters, many, context)

    with connection.execute_wrapper(note):
        yield tables


def targets(row, world, role=Role.HANDLER):
    """The addresses of one object each at own, sibling, foreign, and of none at all."""
    return addresses(row, keys_of(row, world, role) if row.target else None)


def addresses(row, keys):
    """The addresses of those objects; of a page that is about none, its own."""
    if keys is None:
        return {"own": reverse(row.name, kwargs=row.kwargs)}
    return {place: reverse(row.name, kwargs=kwargs) for place, kwargs in keys.items()}


def keys_of(row, world, role=Role.HANDLER):
    """How one object each at own, sibling, foreign is addressed, and one that does not exist."""
    keys = {place: row.target(Scene(world, place, role)) for place in PLACES}
    return keys | {ABSENT: vanished(keys["own"])}


def tried(made, role, *, let_in, inside=frozenset(Role)):
    """The places that ``role`` is sent to: all; where it is not among those ``let_in``, its own.

    A role that is refused before any row is looked at meets the same refusal everywhere. That this
    is so is tried by some of them: each of the other places by one. Who is not among those
    ``inside`` is stopped by one gate before all of the pages.
    """
    if role in let_in and role in inside:
        return list(made.items())
    closed = [each for each in Role if each in inside and each not in let_in]
    others = [place for place in made if place != "own"]
    tries = dict(zip(closed, others, strict=False))
    return [(place, made[place]) for place in ("own", tries.get(role)) if place]


def vanished(kwargs):
    """The same kind of address, of an object that does not exist."""
    first, *rest = kwargs
    gone = NO_SUCH_KEY if isinstance(kwargs[first], int) else "no-such-code"
    return {first: gone, **{name: kwargs[name] for name in rest}}


def method_of(row):
    is_posted = isinstance(row, Action) or (isinstance(row, Own) and row.post_only)
    return "post" if is_posted else "get"


def strict_client(world, role):
    """A browser whose POSTs need their token, in the session of ``role``."""
    client = Client(enforce_csrf_checks=True)
    client.cookies = client_of(world, role).cookies
    return client


def posting_place(row, world):
    """Somebody who may post somewhere, and where; (None, None) where nobody may."""
    if isinstance(row, AdminModel):
        roles = row.add or row.change
        stem = f"admin:{row.label.replace('.', '_')}"
        role = min(roles, default=None)
        return (role, reverse(f"{stem}_add")) if roles else (None, None)
    if isinstance(row, ApiResource):
        for action, actors in row.actions.items():
            if not actors:  # only bodies above those of this world act there
                continue
            role = min(actors)
            kwargs = row.target(Scene(world, role=role))
            return role, reverse(f"{row.name}-{action}", kwargs=kwargs)
        return None, None
    role = min(row.actors, default=None) if isinstance(row, Form) else Role.HANDLER
    if role is None:  # only bodies above those of this world act there
        return None, None
    return role, targets(row, world, role)["own"]
