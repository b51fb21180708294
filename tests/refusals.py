"""What somebody is told who may not do a thing."""

import pytest

from workflow.refusals import DomainError


def refused(act, *args, **words):
    """The code of the refusal."""
    with pytest.raises(DomainError) as refusal:
        act(*args, **words)
    return refusal.value.code
