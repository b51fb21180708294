"""`python -m benchmarks [NAME …] [--rows N]`: every bench on a throw-away PostgreSQL; exit 1 on a missed goal."""

import argparse
import os
import shutil
import sys
import tempfile
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

from config.local_services.postgres import OWNER, LocalPostgres

ROOMY = {"shared_buffers": "2GB", "work_mem": "128MB", "max_wal_size": "16GB", "autovacuum": "off"}
ROWS = 1_000_000
FRAME = {"clusters", "measuring"}


def names() -> list[str]:
    found = {module.name for module in iter_modules([str(Path(__file__).parent)])}
    return sorted(name for name in found - FRAME if not name.startswith("_"))


def main() -> int:
    parser = argparse.ArgumentParser(prog="make bench", description="与手写基线同场比较")
    parser.add_argument("names", nargs="*", metavar="名称", help=f"默认全部：{'、'.join(names())}")
    parser.add_argument("--rows", type=int, default=ROWS, metavar="行数", help=f"默认 {ROWS:,}")
    asked = parser.parse_args()
    home = Path(tempfile.mkdtemp(prefix="jiangjie-bench-"))
    home.chmod(0o755)
    postgres = LocalPostgres(home, throw_away=True)
    postgres.settings |= ROOMY
    try:
        postgres.start()
        os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings.test"
        os.environ["JIANGJIE_HOME"] = str(home / "state")
        os.environ["JIANGJIE_INLINE_JOBS"] = "1"
        # one account reads in minutes what people read in weeks; it is counted, but not stopped
        os.environ["JIANGJIE_MOST_READINGS_A_DAY"] = "100000000"
        os.environ["DATABASE_URL"] = os.environ["DATABASE_OWNER_URL"] = postgres.url(OWNER)
        import_module("django").setup()
        goals = [
            goal
            for name in asked.names or names()
            for goal in import_module(f"benchmarks.{name}").run(postgres, asked.rows)
        ]
    finally:
        postgres.stop()
        shutil.rmtree(home, ignore_errors=True)
    print("\n" + "\n".join(map(str, goals)))
    return 0 if all(goal.is_met for goal in goals) else 1


if __name__ == "__main__":
    sys.exit(main())
