import pytest
from pathlib import Path
from django.core.management import call_command

pytestmark = pytest.mark.django_db(transaction=True)
F = Path(__file__).parent.parent / "fixtures"


def test_x(beijing):
    import time

    for u in ("U01", "U02", "U03"):
        code = {"U01": "A-U01", "U02": "A-U02", "U03": "A-DX1"}[u]
        for y in (2024, 2025):
            call_command(
                "import_training",
                str(F / f"training-{u}-{y}.xlsx"),
                academy=code,
                year=y,
                verbosity=0,
            )
    for p, y in (
        ("beijing-academy-system-2024", 2024),
        ("beijing-academy-system-2024", 2025),
        ("yantai-craftsman-2023", 2025),
        ("beijing-craftsman-selection-2024", 2025),
        ("national-great-craftsman-2024", 2025),
    ):
        t = time.time()
        call_command("quota_report", policy=p, year=y, out=f"/tmp/out-{p}-{y}", verbosity=0)
        print(p, y, time.time() - t)
