from workforce.forms.keys import KeyForm
from workforce.forms.titles import MapTitleForm

__all__ = ["KeyForm", "MapTitleForm"]
