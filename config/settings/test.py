"""The test suite: throw-away services, fixed keys, cheap passwords."""

from config import environment
from config.settings.base import *  # noqa: F403 - settings are a namespace

DEBUG = False
JIANGJIE_ALLOWS_DEMO = True
SECRET_KEY = "test-" * 12
VAULT_KEYS = {1: b"test-encryption-key".ljust(32)}
ANCHOR_KEYS = {1: b"test-anchor-key".ljust(32)}
VAULT_DIGEST_KEY = b"test-digest-key".ljust(32)
ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
MEDIA_ROOT = environment.home() / "media"
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True
