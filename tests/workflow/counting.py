"""Jobs for the tests: count to a number in steps, each step a row of notices to be counted."""

import time

from organizations.models import User
from workflow import jobs
from workflow.models import Notice

CHUNKS = 6
PAUSE_SECONDS = 0.25


def leave_mark(lease, number):
    Notice.objects.create(
        recipient=User.objects.system(), subject=lease.subject, title=f"第{number}段"
    )


@jobs.job("tests.count")
def count(lease):
    """Six chunks with a pause inside each transaction, resumed from the cursor."""
    for number in range(lease.cursor.get("next", 0), CHUNKS):
        with lease.step(done=number + 1, total=CHUNKS, cursor={"next": number + 1}):
            leave_mark(lease, number)
            time.sleep(PAUSE_SECONDS)
    return {"chunks": CHUNKS}


@jobs.job("tests.count_unguarded")
def count_unguarded(lease):
    """The control: no step, no cursor; a kill in the middle leaves its marks behind."""
    for number in range(CHUNKS):
        leave_mark(lease, number)
        time.sleep(PAUSE_SECONDS)
    return {}
