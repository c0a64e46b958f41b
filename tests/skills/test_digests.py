"""The weekly mail: to owners of open flags only, once, with links that work from a mailbox."""

import datetime as dt

import pytest
import time_machine
from django.db import IntegrityError

from base.models import OutboxMessage
from skills import actions, routines, tasks
from skills.models import Digest, Skill, SkillFlag
from tests.make import make_account, make_designer, make_outcome, make_skill
from workforce.actions import choose_digest
from workforce.models import Account

pytestmark = pytest.mark.django_db
MONDAY = dt.date(2026, 5, 4)


@pytest.fixture(autouse=True)
def site(settings):
    settings.SITE_URL = "https://sightline.example"


def send(day: dt.date = MONDAY) -> None:
    with time_machine.travel(dt.datetime.combine(day, dt.time(6), tzinfo=dt.UTC), tick=False):
        routines.send_digests()
    for message in OutboxMessage.objects.filter(topic="skills.tasks.send_digest", sent_at=None):
        tasks.send_digest(**message.payload)


def test_each_owner_hears_what_waits_reason_by_reason(mailoutbox):
    maren = make_designer("Maren Holt")
    make_skill("Support the sales rep by doing it", by=maren)
    make_skill("Python", by=maren)

    send()

    [mail] = mailoutbox
    assert (mail.subject, mail.to) == ("Sightline: 3 flags wait for you", [f"Maren Holt <{maren.email}>"])
    assert "No context: 2 skills" in mail.body
    assert "https://sightline.example/skills/flags/?whose=mine&reason=no_context" in mail.body
    [(page, kind)] = mail.alternatives
    assert kind == "text/html"
    assert "<li>Python</li>" in page
    assert 'href="https://sightline.example/skills/flags/?whose=mine&amp;reason=says_little"' in page


def test_the_assignee_hears_instead_of_the_owner(mailoutbox):
    maren, lena = make_designer("Maren Holt"), make_designer("Lena Fischer")
    skill = make_skill("Support the sales rep by doing it", by=maren)
    actions.assign_flags(list(skill.flags.all()), to=lena, by=maren)

    send()

    assert [mail.to for mail in mailoutbox] == [[f"Lena Fischer <{lena.email}>"]]


def test_the_workflow_s_owner_hears_of_its_outcomes(mailoutbox):
    maren = make_designer("Maren Holt")
    make_outcome(measured=False, by=maren)

    send()

    assert "Nobody receives it: 1 outcome" in mailoutbox[0].body


def test_nothing_open_means_no_mail(mailoutbox):
    make_designer()
    skill = make_skill()
    actions.snooze_flags(
        list(skill.flags.all()), until=dt.date.today() + dt.timedelta(days=9), reason="It can wait", by=skill.owner
    )

    routines.send_digests()

    assert not Digest.objects.exists()


def test_two_beats_in_a_week_send_one_mail_and_the_next_week_sends_another(mailoutbox):
    make_skill()

    send(MONDAY)
    send(MONDAY)
    send(MONDAY + dt.timedelta(days=6))
    assert len(mailoutbox) == 1

    send(MONDAY + dt.timedelta(days=7))
    assert len(mailoutbox) == 2


def test_a_task_that_comes_twice_sends_once(mailoutbox):
    make_skill()
    routines.send_digests()
    digest = Digest.objects.get()

    tasks.send_digest(digest.pk)
    tasks.send_digest(digest.pk)

    assert len(mailoutbox) == 1


def test_a_mail_that_broke_off_is_not_sent_again(mailoutbox, monkeypatch):
    make_skill()
    routines.send_digests()
    with monkeypatch.context() as broken:
        broken.setattr("django.core.mail.EmailMessage.send", lambda mail: (_ for _ in ()).throw(OSError("cut off")))
        with pytest.raises(OSError, match="cut off"):
            tasks.send_digest(Digest.objects.get().pk)

    tasks.send_digest(Digest.objects.get().pk)

    assert mailoutbox == []


def test_what_was_mended_before_the_mail_left_is_not_told(mailoutbox):
    make_skill()
    routines.send_digests()
    SkillFlag.objects.all().delete()

    tasks.send_digest(Digest.objects.get().pk)

    assert mailoutbox == []


def test_who_left_gets_nothing(mailoutbox):
    skill = make_skill()
    Account.objects.filter(pk=skill.owner_id).update(is_active=False)

    send()

    assert mailoutbox == []


def test_there_is_one_digest_a_week_for_each_account():
    account = make_account()
    Digest.objects.create(account=account, week=MONDAY)

    with pytest.raises(IntegrityError, match="digest_is_one_a_week_for_each_account"):
        Digest.objects.create(account=account, week=MONDAY)


def test_words_of_a_statement_cannot_become_markup(mailoutbox):
    make_skill("<script>alert(1)</script> by doing it")
    Skill.objects.get()

    send()

    assert "<script>" not in mailoutbox[0].alternatives[0][0]


def test_who_does_not_want_the_mail_gets_none(mailoutbox):
    maren = make_designer("Maren Holt")
    make_skill("Python", by=maren)
    choose_digest(maren, wants=False, by=maren)

    send()

    assert mailoutbox == []
