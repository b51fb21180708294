"""The peer of the ledger bench: django-hordak as it is meant to be used, in a process of its own.

    python -m benchmarks._hordak HOST DATABASE OWNER make|PROCESSES SECONDS

Not installed with the product (`requirements-bench.in`). Prints how many transfers were booked.
"""

import random
import sys
import time
from multiprocessing import get_context

import django
from django.conf import settings

PAIRS = 500


def configured(host: str, database: str, owner: str) -> None:
    place = {
        "ENGINE": "django.db.backends.postgresql",
        "HOST": host,
        "NAME": database,
        "USER": owner,
    }
    settings.configure(
        DATABASES={"default": place},
        INSTALLED_APPS=[
            "django.contrib.contenttypes", "django.contrib.auth", "mptt", "djmoney", "hordak",
        ],
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
        DEFAULT_CURRENCY="CNY", CURRENCIES=["CNY"], USE_TZ=True, SECRET_KEY="bench",
    )  # fmt: skip
    django.setup()


def made() -> None:
    from django.core.management import call_command  # noqa: PLC0415 - once configured
    from hordak.models import Account, AccountType  # noqa: PLC0415

    call_command("migrate", verbosity=0)
    for number in range(PAIRS):
        for side in ("from", "to"):
            Account.objects.create(
                name=f"{side} {number}", type=AccountType.asset, currencies=["CNY"]
            )


def booked(pairs: list[tuple[int, int]], seconds: float) -> int:
    """As many transfers as fit, each in a transaction of its own, accounts at hand."""
    from django.db import connection, transaction  # noqa: PLC0415
    from hordak.models import Account  # noqa: PLC0415
    from moneyed import Money  # noqa: PLC0415

    connection.close()
    accounts = Account.objects.in_bulk([pk for pair in pairs for pk in pair])
    sum_of_money = Money("0.01", "CNY")
    count, until = 0, time.perf_counter() + seconds
    while time.perf_counter() < until:
        giver, taker = random.choice(pairs)
        with transaction.atomic():
            accounts[giver].transfer_to(accounts[taker], sum_of_money)
        count += 1
    return count


def main(host: str, database: str, owner: str, what: str, seconds: str = "0") -> None:
    configured(host, database, owner)
    if what == "make":
        made()
        return
    from django.db import connection  # noqa: PLC0415
    from hordak.models import Account  # noqa: PLC0415

    numbers = list(Account.objects.order_by("pk").values_list("pk", flat=True))
    connection.close()
    pairs = list(zip(numbers[::2], numbers[1::2], strict=True))
    with get_context("fork").Pool(int(what)) as pool:
        print(sum(pool.starmap(booked, [(pairs, float(seconds))] * int(what))))


if __name__ == "__main__":
    main(*sys.argv[1:])
