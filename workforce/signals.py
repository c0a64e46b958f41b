"""The one way in which this room tells those above that somebody else performs their work. In docs/architecture.md."""

from django.dispatch import Signal

# Sent inside the transaction that changed it: `job_roles`, the ids of those that people may have come to hold or lost.
performers_changed = Signal()
