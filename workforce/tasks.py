"""What follows somebody's request: plain values in, one call."""

from io import BytesIO

from allauth.account import forms as account
from allauth.core import context
from celery import shared_task
from django.core.handlers.wsgi import WSGIRequest


@shared_task
def send_reset_letter(email: str, host: str, scheme: str) -> None:
    """Send the link for a new password, if anybody signs in with this address. The web never waits for the answer."""
    request = WSGIRequest(
        {"REQUEST_METHOD": "POST", "HTTP_HOST": host, "wsgi.url_scheme": scheme, "wsgi.input": BytesIO()}
    )
    form = account.ResetPasswordForm({"email": email})
    if form.is_valid():
        with context.request_context(request):
            form.save(request)
