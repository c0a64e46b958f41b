from workforce.forms.keys import KeyForm
from workforce.forms.titles import NewRoleForm

__all__ = ["KeyForm", "NewRoleForm"]
