"""Mails to one person: that something did not work or has changed, or that somebody asks them for help."""

from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse

from performance_support.models import Champion, Lrs, Member, TalkRequest, Vote
from workforce.models import Account


def about_vote(vote: Vote) -> EmailMultiAlternatives:
    return letter(vote, "did_not_work", vote.resource.asked, f"Sightline: “{vote.resource}” did not work for somebody")


def about_change(vote: Vote) -> EmailMultiAlternatives:
    return letter(vote, "has_changed", vote.voted_by, f"Sightline: “{vote.resource}” has changed since you used it")


def about_champion(champion: Champion) -> EmailMultiAlternatives:
    about = {"who": champion.asked_by, "what": champion.place, "why": "champion"}
    return asking(champion.account, f"may colleagues ask you about “{champion.place}”?", about)


def about_invitation(member: Member) -> EmailMultiAlternatives:
    about = {"who": member.invited_by, "what": member.cohort, "why": "cohort", "cohort": member.cohort}
    return asking(member.account, f"learn together: {member.cohort}", about)


def about_talks(request: TalkRequest) -> EmailMultiAlternatives:
    """To a manager: talk with the own people before, or after. Nobody is named: the page does, to who may see."""
    programme = request.programme
    when = "before it begins" if request.moment == "before" else "now that it has ended"
    page = f"{settings.SITE_URL}{programme.get_absolute_url()}"
    about = {"programme": programme, "moment": request.moment, "page": page}
    return composed("talks", request.account, f"Sightline: talk about “{programme}” {when}", about)


def about_lrs(lrs: Lrs, to: Account) -> EmailMultiAlternatives:
    page = f"{settings.SITE_URL}{lrs.get_absolute_url()}"
    return composed("lrs", to, "Sightline: the learning record store takes nothing", {"lrs": lrs, "page": page})


def asking(to: Account, subject: str, about: dict[str, Any]) -> EmailMultiAlternatives:
    """A question that waits for its answer on the page Support."""
    page = f"{settings.SITE_URL}{reverse('support_home')}"
    return composed("asking", to, f"Sightline: {subject}", {**about, "page": page})


def composed(mail: str, to: Account, subject: str, about: dict[str, Any]) -> EmailMultiAlternatives:
    context = {**about, "account": to, "site": settings.SITE_URL}
    message = EmailMultiAlternatives(
        subject=" ".join(subject.split()),
        body=render_to_string(f"performance_support/mail/{mail}.txt", context),
        to=[to.mailbox],
    )
    message.attach_alternative(render_to_string(f"performance_support/mail/{mail}.html", context), "text/html")
    return message


def letter(vote: Vote, why: str, to: Account, subject: str) -> EmailMultiAlternatives:
    page = f"{settings.SITE_URL}{vote.resource.get_absolute_url()}"
    return composed("vote", to, subject, {"vote": vote, "why": why, "page": page})
