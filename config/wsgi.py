"""The web process. Saying so here lets settings give it a connection pool and short timeouts."""

import os

os.environ.setdefault("JIANGJIE_PROCESS", "web")
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.development")

from django.core.wsgi import get_wsgi_application  # settings are chosen above

application = get_wsgi_application()
