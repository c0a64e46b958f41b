"""The one way in which skills tell the rooms above that they moved. Listed in docs/architecture.md."""

from django.dispatch import Signal

# Sent inside the transaction of an edit that can change what steps need: `skills`, the ids of those it touched.
skills_changed = Signal()
