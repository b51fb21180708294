"""A migrated database is kept beside pytest's cache, for as long as nothing it is made from changes.

A hundred migrations take half a minute of every run of one test file; bringing back the dump takes
seconds. A clean checkout has no dump and migrates.
"""

import hashlib
import re
import subprocess
import tempfile
from pathlib import Path

from django.conf import settings
from django.db import connection

from config.local_services.postgres import ADMIN, folder_of_binaries

ROOT = Path(settings.BASE_DIR)
FOLDER = ROOT / ".pytest_cache" / "templates"
#: What the rows and tables of a new database come from.
SOURCES = (
    "*/migrations/**/*",
    "*/models.py",
    "*/models/**/*",
    "*/apps.py",
    "config/settings/*",
    "config/first_data.py",
    "organizations/**/*",
    "policies/**/*",
    "workflow/**/*",
    "tests/database.py",
    "requirements*.lock",
)
KEPT = 3
#: A line of the contents of a dump: its number, the catalogue, the object's own number, its kind.
KEYS = re.compile(r"\d+; \d+ (\d+) (?:CONSTRAINT|INDEX) ")


def restored(name):
    """Fill the empty database ``name`` from the dump; False where there is none that fits."""
    dump = _dump()
    if not dump.exists():
        return False
    with tempfile.NamedTemporaryFile("w", suffix=".list") as order:
        order.write("".join(_as_made(_run("pg_restore", "--list", dump))))
        order.flush()
        _run("pg_restore", "--exit-on-error", f"--use-list={order.name}", f"--dbname={name}", dump)
    dump.touch()
    return True


def keep(name):
    """Put a dump of ``name`` aside, and throw away the oldest."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    dump = _dump()
    part = dump.with_suffix(".part")
    _run("pg_dump", "--format=custom", "--compress=1", f"--file={part}", name)
    part.rename(dump)
    for old in sorted(FOLDER.glob("*.dump"), key=lambda file: -file.stat().st_mtime)[KEPT:]:
        old.unlink()


def _as_made(contents):
    """The contents of a dump with keys and indexes in the order in which they were made.

    A row that breaks two keys is told of the one made first; a dump has them by name.
    """
    lines = contents.splitlines(keepends=True)
    places = [place for place, line in enumerate(lines) if KEYS.match(line)]
    made = sorted((lines[place] for place in places), key=lambda line: int(KEYS.match(line)[1]))
    for place, line in zip(places, made, strict=True):
        lines[place] = line
    return lines


def _dump():
    digest = hashlib.sha256(str(folder_of_binaries()).encode())
    for pattern in SOURCES:
        for file in sorted(ROOT.glob(pattern)):
            if file.is_file() and file.suffix != ".pyc":
                digest.update(str(file.relative_to(ROOT)).encode() + b"\0" + file.read_bytes())
    return FOLDER / f"{digest.hexdigest()[:32]}.dump"


def _run(program, *arguments):
    host = connection.settings_dict["HOST"]
    command = [folder_of_binaries() / program, f"--host={host}", f"--username={ADMIN}", *arguments]
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
