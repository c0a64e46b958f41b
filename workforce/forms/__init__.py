from workforce.forms.keys import KeyForm
from workforce.forms.titles import NewRoleForm
from workforce.forms.webhooks import ReplayForm, WebhookForm

__all__ = ["KeyForm", "NewRoleForm", "ReplayForm", "WebhookForm"]
