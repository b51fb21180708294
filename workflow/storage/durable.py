"""Files that are whole after a power cut: written aside, flushed, then named, the name flushed too."""

from __future__ import annotations

import os
import tempfile
from contextlib import suppress
from pathlib import Path


def write(path: Path, content: bytes) -> None:
    """Put ``content`` at ``path``: readers find the old file or the new one, never a part of it."""
    make_folder(path.parent)
    descriptor, draft = tempfile.mkstemp(dir=path.parent)
    try:
        with os.fdopen(descriptor, "wb") as file:
            _write_out(file.fileno(), content)
        Path(draft).replace(path)
    except BaseException:
        with suppress(OSError):
            Path(draft).unlink()
        raise
    flush_folder(path.parent)


def append(path: Path, content: bytes) -> None:
    """Add ``content`` to the end of ``path``; what a cut write left there is closed by a new line."""
    make_folder(path.parent)
    descriptor = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        size = os.fstat(descriptor).st_size
        is_torn = size > 0 and os.pread(descriptor, 1, size - 1) != b"\n"
        _write_out(descriptor, b"\n" * is_torn + content)
    finally:
        os.close(descriptor)
    flush_folder(path.parent)


def make_folder(folder: Path) -> None:
    """``folder`` and what is missing above it, closed to others, each name flushed."""
    if folder.is_dir():
        return
    make_folder(folder.parent)
    folder.mkdir(mode=0o700, exist_ok=True)
    flush_folder(folder.parent)


def flush_folder(folder: Path) -> None:
    """A file's name is on the disk only once its folder is."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _write_out(descriptor: int, content: bytes) -> None:
    rest = memoryview(content)
    while rest:
        rest = rest[os.write(descriptor, rest) :]
    os.fsync(descriptor)
