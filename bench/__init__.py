"""How fast, as ratios to the same work in plain SQL within one run: machines differ, ratios travel."""

import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()
