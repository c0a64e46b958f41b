"""What the pages at the door offer."""

from django import template
from django.conf import settings

from workforce import sign_on

register = template.Library()


@register.simple_tag
def sign_on_offer() -> dict[str, object]:
    """`provider`: the name of the OpenID provider, if there is one. `passwords`: whether everybody may have one."""
    return {"provider": settings.OIDC_NAME if sign_on.is_configured() else "", "passwords": settings.PASSWORDS}
