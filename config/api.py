"""The API's one router. An app joins by offering `register(router)` in its `api.py`."""

from importlib import import_module
from importlib.util import find_spec

from rest_framework.routers import DefaultRouter

from config.layout import APPS

router = DefaultRouter()
router.include_format_suffixes = False  # one representation, one address
for app in APPS:
    if find_spec(f"{app}.api"):
        module = import_module(f"{app}.api")
        if hasattr(module, "register"):
            module.register(router)
