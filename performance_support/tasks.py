"""What follows an action: ids in, one call."""

from uuid import UUID

from celery import shared_task
from django.utils import timezone

from performance_support import letters, reminders
from performance_support.models import Champion, Lrs, Member, Reminder, TalkRequest, Vote
from workforce.models import Account
from workforce.queries.accounts import administrators


@shared_task
def tell_keeper(account: str, resources: list[str], why: str) -> None:
    """What was handed on, escalated or announced, to one person."""
    keeper = Account.objects.active_people().filter(pk=account).first()
    if keeper and (mail := reminders.mail_to_tell(keeper, [UUID(pk) for pk in resources], why)):
        mail.send()


@shared_task
def send_reminder(reminder: int) -> None:
    """Claim, then send: delivered twice, or broken off in between, it is never sent a second time."""
    if Reminder.objects.filter(pk=reminder, sent_at=None).update(sent_at=timezone.now()):
        account = Reminder.objects.select_related("account").get(pk=reminder).account
        if mail := reminders.mail_to_remind(account):
            mail.send()


@shared_task
def tell_of_vote(vote: int) -> None:
    """That something did not work, to whoever is asked about it."""
    if given := Vote.objects.with_all().filter(pk=vote, worked=False).first():
        letters.about_vote(given).send()


@shared_task
def tell_voters(votes: list[int]) -> None:
    """That what did not work has changed, to whoever said so."""
    for vote in Vote.objects.with_all().filter(pk__in=votes, voted_by__is_active=True, voted_by__kind="person"):
        letters.about_change(vote).send()


@shared_task
def tell_champion(champion: str) -> None:
    """That somebody asks whether colleagues may turn to them; nothing once they have answered."""
    if asked := Champion.objects.waiting().with_names().filter(pk=champion, account__is_active=True).first():
        letters.about_champion(asked).send()


@shared_task
def tell_invited(member: str) -> None:
    """That somebody wants to learn with them; nothing once they have answered."""
    if invited := Member.objects.waiting().with_names().filter(pk=member).first():
        letters.about_invitation(invited).send()


@shared_task
def ask_for_talk(request: int) -> None:
    """Claim, then send, as with reminders."""
    if TalkRequest.objects.filter(pk=request, sent_at=None).update(sent_at=timezone.now()):
        letters.about_talks(TalkRequest.objects.select_related("account", "programme").get(pk=request)).send()


@shared_task
def tell_of_lrs(lrs: str) -> None:
    """That the record store has not answered for days, to every administrator; nothing once it is well again."""
    if failing := Lrs.objects.filter(pk=lrs, told_at__isnull=False).first():
        for account in administrators():
            letters.about_lrs(failing, account).send()
