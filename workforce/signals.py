"""How this room tells those above who performs their work, and who keeps it no longer. In docs/architecture.md."""

from django.dispatch import Signal

# Sent inside the transaction that changed it: `job_roles`, the ids of those that people may have come to hold or lost.
performers_changed = Signal()
# Sent inside the transaction in which somebody leaves or is shut out: `accounts`, the ids of those that ended.
accounts_ended = Signal()
