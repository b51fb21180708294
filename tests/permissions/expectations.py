"""The kinds of rows of the permission table. Each says which URL names it stands for."""

from collections.abc import Callable
from dataclasses import dataclass, field

from organizations.roles import EVERYBODY, Role


@dataclass(frozen=True, kw_only=True)
class Listed:
    """What a list is filled with, for scope and query counts."""

    fill: Callable | None = None
    name_of: Callable = str
    not_a_list: str = ""
    visible_to_all: bool = False
    most_queries: int = 10  # of these, one for the saved views of a list, one for unread notices


@dataclass(frozen=True)
class Endpoint(Listed):
    name: str
    readers: frozenset = EVERYBODY
    target: Callable | None = field(default=None, kw_only=True)
    kwargs: dict = field(default_factory=dict, kw_only=True)
    closed: int = field(default=403, kw_only=True)
    #: Roles that are let in at the door, but to whom these rows are as absent as foreign ones.
    absent_to: frozenset = field(default=frozenset(), kw_only=True)
    #: What those get who are let in.
    shown: frozenset = field(default=frozenset({200}), kw_only=True)

    def closed_to(self, role: str) -> int:
        """What a role gets that is no reader."""
        return 404 if role in self.absent_to else self.closed

    @property
    def names(self) -> list[str]:
        return [self.name]


@dataclass(frozen=True)
class Page(Endpoint):
    """GET only."""


@dataclass(frozen=True)
class Form(Endpoint):
    """GET shows it to readers; POST is for actors. ``posted``: statuses of an empty or valid POST."""

    actors: frozenset = field(default=frozenset(), kw_only=True)
    data: Callable = field(default=lambda scene: {}, kw_only=True)
    posted: frozenset = field(default=frozenset({200, 302, 409, 422}), kw_only=True)
    refused: frozenset = field(default=frozenset({403, 409}), kw_only=True)
    #: What a reader who is no actor gets from GET; a form is usually for actors only.
    peeked: frozenset = field(default=frozenset({403}), kw_only=True)


@dataclass(frozen=True)
class Action(Form):
    """POST only."""


@dataclass(frozen=True)
class Open(Listed):
    """Readable without logging in."""

    name: str
    kwargs: dict = field(default_factory=dict, kw_only=True)
    target: Callable | None = field(default=None, kw_only=True)
    anonymous: int = field(default=200, kw_only=True)
    #: What somebody logged in gets, where that differs (a login page sends them home).
    member: int = field(default=200, kw_only=True)

    @property
    def names(self) -> list[str]:
        return [self.name]


@dataclass(frozen=True)
class Own(Endpoint):
    """Everybody logged in, one's own rows only: a colleague's are as absent as a stranger's.

    ``readers``: the roles that can have such rows at all.
    """

    post_only: bool = field(default=False, kw_only=True)
    posted: frozenset = field(default=frozenset({302}), kw_only=True)


@dataclass(frozen=True)
class ApiResource(Listed):
    """``<name>-list``, ``<name>-detail`` and ``<name>-<action>``; empty and 404 for non-readers."""

    name: str
    readers: frozenset
    target: Callable = field(kw_only=True)
    actions: dict[str, frozenset] = field(default_factory=dict, kw_only=True)
    #: What an action needs said; of a scene, where it names rows of the place.
    bodies: dict[str, dict | Callable] = field(default_factory=dict, kw_only=True)
    own_only: bool = field(default=False, kw_only=True)

    @property
    def names(self) -> list[str]:
        return [f"{self.name}-{part}" for part in ("list", "detail", *self.actions)]

    def said(self, action, scene):
        body = self.bodies.get(action)
        return body(scene) if callable(body) else body


@dataclass(frozen=True)
class AdminModel(Listed):
    """The list of one model in the back office, its workbook and deeds; add, change, delete, history."""

    label: str
    view: frozenset
    target: Callable = field(kw_only=True)
    add: frozenset = field(default=frozenset(), kw_only=True)
    change: frozenset = field(default=frozenset(), kw_only=True)
    delete: frozenset = field(default=frozenset(), kw_only=True)

    @property
    def names(self) -> list[str]:
        stem = self.label.replace(".", "_")
        views = ("changelist", "export", "act", "add", "change", "delete", "history")
        return [f"admin:{stem}_{view}" for view in views]


BACK_OFFICE = frozenset(
    {
        Role.HANDLER, Role.APPROVER, Role.AUDITOR,
        Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN,
    }
)  # fmt: skip
