from workforce.forms.keys import KeyForm
from workforce.forms.people import CorrectForm, LeaveForm
from workforce.forms.roles import JobRoleForm
from workforce.forms.titles import NewRoleForm
from workforce.forms.webhooks import ReplayForm, WebhookForm

__all__ = ["CorrectForm", "JobRoleForm", "KeyForm", "LeaveForm", "NewRoleForm", "ReplayForm", "WebhookForm"]
