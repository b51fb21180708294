"""Training workbooks handed in, committed and taken back, as the pages do it."""

from dataclasses import dataclass

from academies.imports import TRAINING
from academies.imports.subjects import YearSubject
from intake import services
from intake.kinds.files import file_of
from intake.models import ImportBatch


@dataclass(frozen=True)
class Workbook:
    """Both batches of one file."""

    classes: ImportBatch
    roster: ImportBatch
    is_new: bool = True

    @property
    def batches(self):
        return self.classes, self.roster


def upload_of(content, filename, *, academy, year, actor):
    subject = YearSubject(academy, year)
    subject.check_open(actor)
    return services.Upload(content, filename, subject, subject.bodies(actor)[0], actor)


def receive_workbook(upload):
    file = services.receive(upload, TRAINING)
    return Workbook(*file.batches, is_new=file.is_new)


def workbook_of(batch):
    return Workbook(*file_of(batch).batches)


def commit_workbook(book, *, actor):
    services.commit(book.roster.pk, actor=actor)


def discard_workbook(book, *, actor):
    services.discard(book.roster.pk, actor=actor)


def revert_workbook(book, *, actor, note):
    services.revert(book.roster.pk, actor=actor, note=note)
