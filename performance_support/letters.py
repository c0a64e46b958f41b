"""Mails that follow *Did this work?*: to whoever is asked about it, and back to whoever said that it did not."""

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string

from performance_support.models import Vote
from workforce.models import Account


def about_vote(vote: Vote) -> EmailMultiAlternatives:
    return letter(vote, "did_not_work", vote.resource.asked, f"Sightline: “{vote.resource}” did not work for somebody")


def about_change(vote: Vote) -> EmailMultiAlternatives:
    return letter(vote, "has_changed", vote.voted_by, f"Sightline: “{vote.resource}” has changed since you used it")


def letter(vote: Vote, why: str, to: Account, subject: str) -> EmailMultiAlternatives:
    page = f"{settings.SITE_URL}{vote.resource.get_absolute_url()}"
    context = {"vote": vote, "why": why, "account": to, "page": page, "site": settings.SITE_URL}
    message = EmailMultiAlternatives(
        subject=" ".join(subject.split()),
        body=render_to_string("performance_support/mail/vote.txt", context),
        to=[f"{to.full_name} <{to.email}>"],
    )
    message.attach_alternative(render_to_string("performance_support/mail/vote.html", context), "text/html")
    return message
