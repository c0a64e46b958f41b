import os

from django.core.wsgi import get_wsgi_application
from django.db import connections

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

application = get_wsgi_application()
# Of pages and endpoints: what takes longer is a job. Workers and commands take their time. See also: base/busy.py.
connections.settings["default"]["OPTIONS"].setdefault("options", "-c statement_timeout=30s -c lock_timeout=10s")
