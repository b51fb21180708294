"""A person's own machine: services are local, keys are drawn once and kept in $JIANGJIE_HOME."""

from config import environment
from config.settings.base import *  # noqa: F403 - settings are a namespace

DEBUG = False
JIANGJIE_ALLOWS_DEMO = True
SECRET_KEY = environment.local_key("JIANGJIE_SECRET_KEY")
VAULT_KEYS, ANCHOR_KEYS = (
    environment.numbered_keys(environment.local_key(name), name)
    for name in ("JIANGJIE_ENCRYPTION_KEYS", "JIANGJIE_ANCHOR_KEYS")
)
VAULT_DIGEST_KEY = environment.hex_key(
    environment.local_key("JIANGJIE_DIGEST_KEY"), "JIANGJIE_DIGEST_KEY"
)
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]", *environment.listed("JIANGJIE_ALLOWED_HOSTS")]
EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False
