"""What is kept of a page: by the test client, and by the house from one request to the next."""

import pytest
from django.core.cache import cache
from django.test import client


@pytest.fixture(scope="session", autouse=True)
def contexts_of_pages_only():
    """The test client copies the context of every part of a page; that of the page itself is enough."""
    original = client.store_rendered_templates

    def store(kept, signal, sender, template, context, **words):
        if context.template is template:
            original(kept, signal, sender, template, context, **words)
        else:
            kept.setdefault("templates", []).append(template)

    client.store_rendered_templates = store
    yield
    client.store_rendered_templates = original


@pytest.fixture(autouse=True)
def nothing_is_kept():
    """Rows of one test come back under the same keys in the next; what was kept of them does not."""
    cache.clear()
