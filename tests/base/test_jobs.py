"""Jobs, tried on imports: two workers, a killed one, a late one."""

import datetime as dt

import pytest
from django.utils import timezone

from base import jobs
from base.jobs import LostLease
from base.models.job import LEASE
from skills.models import Import
from tests.make import make_designer

pytestmark = pytest.mark.django_db


def make_job() -> Import:
    job = Import.objects.create(name="List", file_name="list.csv", created_by=make_designer())
    jobs.want(job)
    return job


def later(job: Import, seconds: float) -> None:
    """As if the job had been asked for, and its lease taken, that much earlier."""
    earlier = timezone.now() - dt.timedelta(seconds=seconds)
    Import.objects.filter(pk=job.pk).update(wanted_at=earlier, leased_until=job.leased_until and earlier + LEASE)


def test_of_two_workers_one_gets_the_lease():
    job = make_job()

    assert jobs.claim(Import.objects.all(), job.pk)
    assert jobs.claim(Import.objects.all(), job.pk) is None


def test_a_job_that_nobody_wants_is_not_claimed():
    job = Import.objects.create(name="List", file_name="list.csv", created_by=make_designer())

    assert jobs.claim(Import.objects.all(), job.pk) is None


def test_a_job_of_a_killed_worker_is_claimed_again_once_its_lease_is_over():
    job = make_job()
    first = jobs.claim(Import.objects.all(), job.pk)
    later(first, 59)
    assert jobs.claim(Import.objects.all(), job.pk) is None
    later(first, 61)

    assert jobs.claim(Import.objects.all(), job.pk).fence == first.fence + 1


def test_a_worker_that_was_only_slow_is_fenced_off():
    job = make_job()
    slow = jobs.claim(Import.objects.all(), job.pk)
    later(slow, 61)
    successor = jobs.claim(Import.objects.all(), job.pk)

    with pytest.raises(LostLease):
        jobs.renew(slow, done=5)
    with pytest.raises(LostLease):
        jobs.finish(slow)
    jobs.renew(successor, done=7)
    job.refresh_from_db()
    assert job.done == 7


def test_renewing_holds_the_lease_for_longer():
    job = jobs.claim(Import.objects.all(), make_job().pk)
    later(job, 50)

    jobs.renew(job)

    assert job.leased_until > timezone.now() + dt.timedelta(seconds=55)


def test_a_job_that_was_called_off_stops_its_worker():
    job = jobs.claim(Import.objects.all(), make_job().pk)

    jobs.call_off(Import.objects.get(pk=job.pk))

    with pytest.raises(LostLease):
        jobs.renew(job)


def test_a_finished_job_is_not_claimed_again():
    job = jobs.claim(Import.objects.all(), make_job().pk)

    jobs.finish(job, done=3)

    assert not job.is_wanted
    assert jobs.claim(Import.objects.all(), job.pk) is None


def test_wanting_it_again_forgets_the_failure_and_the_old_worker():
    job = make_job()
    worker = jobs.claim(Import.objects.all(), job.pk)
    Import.objects.update(failure="It broke.")

    jobs.want(job)

    with pytest.raises(LostLease):
        jobs.renew(worker)
    assert Import.objects.get().failure == ""


def test_a_lost_message_is_asked_for_again_once():
    job = make_job()
    assert not jobs.ask_again(Import.objects.all(), job.pk)
    later(job, 61)

    assert jobs.ask_again(Import.objects.all(), job.pk)
    assert not jobs.ask_again(Import.objects.all(), job.pk)


def test_a_job_under_way_is_not_stalled():
    job = jobs.claim(Import.objects.all(), make_job().pk)
    Import.objects.update(wanted_at=timezone.now() - dt.timedelta(hours=1))

    assert not Import.objects.stalled().exists()
    assert job.is_wanted
