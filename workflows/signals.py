"""The one way in which the work tells the rooms above that it moved. Listed in docs/architecture.md."""

from django.dispatch import Signal

# Sent inside the edit's transaction, after the line of sight is rebuilt: `workflows`, the ids of those it can touch.
work_changed = Signal()
