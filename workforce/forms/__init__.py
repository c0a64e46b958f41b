from workforce.forms.accounts import AccountForm, ReasonForm, RolesForm
from workforce.forms.keys import KeyForm
from workforce.forms.people import CorrectForm, LeaveForm
from workforce.forms.roles import JobRoleForm
from workforce.forms.sources import SourceForm
from workforce.forms.titles import NewRoleForm
from workforce.forms.webhooks import ReplayForm, WebhookForm

__all__ = [
    "AccountForm",
    "CorrectForm",
    "JobRoleForm",
    "KeyForm",
    "LeaveForm",
    "NewRoleForm",
    "ReasonForm",
    "ReplayForm",
    "RolesForm",
    "SourceForm",
    "WebhookForm",
]
