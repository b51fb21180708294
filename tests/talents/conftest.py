import pytest

from organizations.models import User
from talents.models import AssessmentRun
from talents.services.eligibility import start_run


@pytest.fixture
def check(django_capture_on_commit_callbacks, settings):
    """Call it with a round to check it here and now; returns the finished run."""
    settings.INLINE_JOBS = True

    def run(selection, actor=None):
        with django_capture_on_commit_callbacks(execute=True):
            started = start_run(selection.pk, actor=actor or User.objects.system())
        return AssessmentRun.objects.get(pk=started.pk)

    return run
