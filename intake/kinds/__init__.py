"""What can be imported: each kind of file is declared once.

The upload, the preview, corrections, undo, the command, the API and the blank form follow from the
declaration (``docs/how-to/import-a-spreadsheet.md``).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple, Self

from django.urls import reverse

if TYPE_CHECKING:
    from decimal import Decimal

    from intake.models import ImportBatch
    from intake.spreadsheets.tables import Form, Table
    from organizations.models import Organization, User

#: Excel lines to work on; None for the whole sheet.
Lines = Sequence[int] | None


class Filed(NamedTuple):
    """How many rows were filed, or how many new findings prevented it."""

    count: int  # type: ignore[assignment]
    arisen: int


class Entry(NamedTuple):
    """One thing that came of a file, as its page shows it."""

    line: int | None
    title: str
    href: str
    details: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """One sheet of a workbook, and the functions of the app that knows what its rows are.

    ``judge`` writes the findings of the given lines. ``file`` turns those that stand into the app's
    own rows, unless new findings have arisen since; ``filed`` names what became of them by line;
    ``withdraw`` takes all of it back or refuses. ``named_by`` is the column that tells a reader which
    row is meant; ``exact`` columns are flagged where characters that nobody sees stood in them; ``counted`` says how many of what were filed; ``entries`` shows the first of them;
    ``cautions`` tells what is to be known about what was filed without being wrong; ``figures`` are
    sums over the rows that stand, for the report of the file.
    """

    name: str
    title: str
    form: Form
    judge: Callable[[ImportBatch, Lines], None]
    file: Callable[[ImportBatch, Lines, User], Filed]
    filed: Callable[[ImportBatch, Lines], dict[int, int]]
    withdraw: Callable[[ImportBatch, User], int]
    titles: Mapping[str, str] = field(default_factory=dict)
    counted: str = "{}行"
    person_name: str = ""
    identity: str = ""
    phone: str = ""
    named_by: str = ""
    long_fields: frozenset[str] = frozenset()
    exact: frozenset[str] = frozenset()
    entries: Callable[[ImportBatch, User], Sequence[Entry]] | None = None
    cautions: Callable[[ImportBatch], Sequence[str]] = lambda batch: ()
    figures: Callable[[ImportBatch], Mapping[str, Decimal]] = lambda batch: {}

    @property
    def code(self) -> str:
        """The name within its file: ``academies.roster`` is ``roster``."""
        return self.name.rpartition(".")[2]

    @property
    def keys(self) -> tuple[str, ...]:
        return tuple(column.key for column in self.form.columns)

    def place(self, key: str) -> int:
        """Where ``key`` stands in a row's cells, or -1 if the form has no such column."""
        return self.keys.index(key) if key in self.keys else -1

    @property
    def name_place(self) -> int:
        """Where the name of a row stands in its cells."""
        return self.place(self.named_by or self.person_name)

    @property
    def name_header(self) -> str:
        """What the column is called that names a row."""
        return self.form.columns[self.name_place].header


class NoSuchSubjectError(LookupError):
    """Nothing of that name within reach; the message says what to check."""


SWITCHED_ON = {"true", "on", "1"}


class Option(NamedTuple):
    """How the command line names a subject: ``--round BJ-2026``.

    One with a ``default`` may be left out; it stands in no address. A bool is a switch, which the page
    where files are handed in offers by its ``help``.
    """

    name: str
    metavar: str
    help: str
    type: type = str
    default: Any = None
    choices: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        return self.name.replace("-", "_")

    def of_text(self, given: Mapping[str, Any]) -> Any:
        """Its value by text as it was given; left out, what stands for that. A ValueError is no value."""
        if self.type is bool:
            return str(given.get(self.name, self.default)).lower() in SWITCHED_ON
        return self.type(given[self.name]) if self.default is None else self.default


class Subject:
    """What a file is about. An app says of its own how it is found, who may file, and when."""

    options: ClassVar[tuple[Option, ...]] = ()
    title: str
    #: Where it stands, from the outside in: label and address.
    trail: tuple[tuple[str, str], ...]

    @classmethod
    def found(cls, user: User, **key: Any) -> Self:
        """The subject named by its options, as far as ``user`` may see; ``NoSuchSubjectError``."""
        raise NotImplementedError

    @classmethod
    def from_text(cls, user: User, key: Mapping[str, Any]) -> Self:
        """The same by options as text; what none of them can be is no subject either."""
        try:
            named = {option.key: option.of_text(key) for option in cls.options}
        except ValueError as error:
            raise NoSuchSubjectError(str(error)) from error
        return cls.found(user, **named)

    @classmethod
    def stored(cls, text: str) -> Self | None:
        """The subject as a batch names it; None when it is gone."""
        raise NotImplementedError

    @classmethod
    def names(cls, texts: Collection[str]) -> dict[str, str]:
        """What subjects are called, by one query for all of them."""
        raise NotImplementedError

    @property
    def text(self) -> str:
        """How batches, jobs and records name it."""
        raise NotImplementedError

    def bodies(self, user: User) -> list[Organization]:
        """For whom ``user`` may hand a file in; refused in words where for nobody."""
        raise NotImplementedError

    def check_open(self, actor: User, organization: Organization | None = None) -> None:
        """Refuse while nothing may be filed (for ``organization``)."""

    def check_table(self, table: Table) -> str:
        """Refuse a sheet that is about something else; a doubt about it comes back as words."""
        return ""

    def prepare(self, batch: ImportBatch, table: Table) -> None:
        """Bring about what the rows are judged by, once they are staged; in the same transaction."""

    @property
    def href(self) -> str:
        return self.trail[-1][1]


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportKind:
    """One form that people fill in: its sheets, in the order in which they are filed.

    ``roles`` hand in and work on files, ``readers`` may look. ``whole``: rows are filed all together
    or not at all, and the same file may come again. ``refusals`` and ``consequences`` tell people
    what is sent back and what undoing does. ``outcome`` adds to the report what came of the filed
    rows. ``withheld`` names the subjects of which an account is to know no file of this kind, whatever
    its roles, as what stands in them measures the person it belongs to.
    """

    code: str
    title: str
    sheets: tuple[Sheet, ...]
    subject: type[Subject]
    roles: frozenset[str]
    readers: frozenset[str]
    refusals: tuple[str, ...] = ()
    consequences: tuple[str, ...] = ()
    whole: bool = False
    takes: str = ".xlsx,.csv"
    outcome: Callable[[ImportBatch], dict[str, Any]] | None = None
    withheld: Callable[[User], Collection[str]] = lambda user: ()

    def sheet(self, name: str) -> Sheet:
        return next(sheet for sheet in self.sheets if sheet.name == name)


def switches_of(kind: ImportKind) -> list[Option]:
    """What may be asked for beside the file itself."""
    return [option for option in kind.subject.options if option.type is bool]


def needed_options(kind: ImportKind) -> list[Option]:
    """The options without which no subject is named; they make up its address."""
    return [option for option in kind.subject.options if option.default is None]


def keys_of(batch: ImportBatch) -> tuple[str, ...]:
    """The keys of a staged row's cells: those of the form, then what else the sheet had."""
    keys, positions = sheet_of(batch).keys, batch.positions
    return (*keys, *sorted(positions.keys() - set(keys), key=positions.__getitem__))


_KINDS: dict[str, ImportKind] = {}
_BY_SHEET: dict[str, ImportKind] = {}


def register(kind: ImportKind) -> ImportKind:
    """Have the pages, the command line and the API take files of this kind."""
    _KINDS[kind.code] = kind
    _BY_SHEET.update({sheet.name: kind for sheet in kind.sheets})
    return kind


def registered_kinds() -> list[ImportKind]:
    """All kinds of files that can be handed in, by code."""
    return [_KINDS[code] for code in sorted(_KINDS)]


def registered_sheets() -> list[Sheet]:
    """All sheets that batches are made of, by name."""
    return [_BY_SHEET[name].sheet(name) for name in sorted(_BY_SHEET)]


def kind_called(code: str) -> ImportKind | None:
    return _KINDS.get(code)


def kind_of(batch: ImportBatch) -> ImportKind:
    return _BY_SHEET[batch.kind]


def sheet_of(batch: ImportBatch) -> Sheet:
    return kind_of(batch).sheet(batch.kind)


def cautions_of(batch: ImportBatch) -> list[str]:
    """What is to be known about what came of the batch; nothing of one that is not filed."""
    is_filed = batch.status == batch.Status.COMMITTED and is_known(batch)
    return list(sheet_of(batch).cautions(batch)) if is_filed else []


def is_known(batch: ImportBatch) -> bool:
    """Whether an app still knows the form this batch was made of."""
    return batch.kind in _BY_SHEET


def subject_of_batch(batch: ImportBatch) -> Subject:
    """What the batch is about; refused where that is gone (``LookupError``)."""
    subject = kind_of(batch).subject.stored(batch.subject)
    if subject is None:
        raise NoSuchSubjectError(batch.subject)
    return subject


def address_of(batch: ImportBatch) -> str:
    """The page of the file's preview, at the sheet of this batch."""
    return reverse("intake:file", args=[batch.pk])
