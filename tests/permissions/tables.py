"""All rows of the table, and all addresses of the resolver."""

import importlib
import pkgutil

from django.urls import URLPattern, get_resolver

import tests.permissions


def _tables():
    for module in pkgutil.iter_modules(tests.permissions.__path__, "tests.permissions."):
        yield from getattr(importlib.import_module(module.name), "ENDPOINTS", [])


def _addresses(resolver, namespaces=()):
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLPattern):
            yield ":".join([*namespaces, pattern.name]) if pattern.name else "", pattern
        else:
            inner = [pattern.namespace] if pattern.namespace else []
            yield from _addresses(pattern, (*namespaces, *inner))


ROWS = list(_tables())
NAMED = {name: row for row in ROWS for name in row.names}
#: The admin's redirect from ``<id>/`` to ``<id>/change/``, which looks at no object.
UNNAMED = "<path:object_id>/"
ADDRESSES = sorted({name for name, _ in _addresses(get_resolver()) if name})
NAMELESS = {str(p.pattern) for name, p in _addresses(get_resolver()) if not name}
