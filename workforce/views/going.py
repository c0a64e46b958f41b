"""Where a page goes on to when there is no thing with an address of its own."""

from dataclasses import dataclass

from django.urls import reverse


@dataclass(frozen=True)
class Place:
    """A page by its name, for `base.dialogs`."""

    route: str

    def get_absolute_url(self) -> str:
        return reverse(self.route)
