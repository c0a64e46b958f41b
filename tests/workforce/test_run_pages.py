"""The sync desk: what came, one run, and the decision about it."""

import datetime as dt

import pytest
import time_machine
from django.utils import timezone

from base.errors import RuleBroken
from base.models import Change
from tests.make import make_account
from tests.workforce.feed import admin, approve, deliver, row, snapshot, staff
from workforce import actions
from workforce.actions import runs
from workforce.models import Account, Person, Role, Run
from workforce.queries import rhythm

pytestmark = pytest.mark.django_db


@pytest.fixture
def keeper(client):
    """A people admin who is signed in."""
    account = make_account(Role.PEOPLE_ADMIN, name="Ines Duarte")
    client.force_login(account)
    return account


def text_of(client, run: Run | None = None, **query: str) -> str:
    address = run.get_absolute_url() if run else "/people/runs/"
    return " ".join(client.get(address, query).content.decode().split())


def held_run() -> Run:
    people = [row(n, manager_source_id="E0" if n else "", department="Leeds" if n > 84 else "York") for n in range(100)]
    snapshot(people)
    return snapshot(people[:85])


# --- all of them --------------------------------------------------------------------------------


def test_an_empty_desk_says_what_will_appear(client, keeper):
    assert "Nothing has come yet." in text_of(client)


def test_what_is_held_stands_on_top_with_the_reason_and_the_day_it_ends(client, keeper):
    held_run()

    html = text_of(client)

    assert html.index("is held.") < html.index("Everything that came")
    assert "15 of 100 active people would leave" in html
    assert "15 changes wait for a decision until" in html


def test_the_list_narrows_by_source_and_state_and_keeps_it_in_the_link(client, keeper):
    deliver(staff(1), source="one")
    other = deliver(staff(2), source="two")

    html = text_of(client, source=str(other.source_id), state="applied")

    assert "Delta of two" in html
    assert "Delta of one" not in html
    assert "No delivery is like that." in text_of(client, source=str(other.source_id), state="held")
    assert "Delta of one" in text_of(client, source="nonsense", state="nonsense")


def test_the_list_asks_again_while_something_moves_and_then_stops(client, keeper):
    run = actions.open_run("hr", mode="delta", by=keeper)
    actions.close_run(run, by=keeper)
    assert 'hx-trigger="every 3s"' in text_of(client)

    runs.apply_run(run.pk)

    assert 'hx-trigger="every 3s"' not in text_of(client)


def test_a_feed_that_has_gone_quiet_is_named(client, keeper):
    # Days are counted by the calendar, so the hour of this look must not be chance.
    noon = timezone.now().replace(hour=12)
    start = noon - dt.timedelta(days=4)
    for hours in (0, 3, 6, 9):
        with time_machine.travel(start + dt.timedelta(hours=hours)):
            deliver(staff(1))

    with time_machine.travel(start + dt.timedelta(hours=30)):
        assert "overdue" not in text_of(client)
    with time_machine.travel(noon):
        html = text_of(client)

    assert "overdue" in html
    assert "at least every 3 hours, and nothing has come for 4 days" in html


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_costs_the_same_for_one_and_for_three(client, keeper, django_assert_num_queries, count):
    for n in range(count):
        snapshot(staff(30), source=f"hr{n}")
        snapshot(staff(1), source=f"hr{n}")

    with django_assert_num_queries(6):  # session, account, sources, held, how many, deliveries
        client.get("/people/runs/")


# --- one of them --------------------------------------------------------------------------------


def test_a_held_run_tells_who_would_leave_and_which_guard_holds_it(client, keeper):
    run = held_run()

    html = text_of(client, run)

    assert "15 changes wait. Somebody must decide." in html
    assert "All 15 people of Leeds would leave." in html
    assert "It holds: whoever would leave." in html
    assert "<del>Active</del> <ins>Left</ins>" in html
    assert "Approve…" in html


def test_a_change_is_told_with_the_managers_name_before_and_after(client, keeper):
    deliver([row(0), row(1), row(2, manager_source_id="E0")])

    run = deliver([row(2, manager_source_id="E1", location="Leeds")])

    html = text_of(client, run)
    assert "<del>Person 0</del> <ins>Person 1</ins>" in html
    assert "<del>nothing</del> <ins>Leeds</ins>" in html
    assert "Person 0 <span" not in html


def test_a_dry_run_shows_what_would_be(client, keeper):
    snapshot(staff(100))

    html = text_of(client, snapshot(staff(20), is_dry=True))

    assert "What would change" in html
    assert "<dt>would leave</dt><dd>80</dd>" in html
    assert "It would hold: whoever would leave." in html
    assert "Approve…" not in html


def test_changes_are_searched_by_name_and_by_id(client, keeper):
    run = held_run()

    assert "Person 99" in text_of(client, run, q="person 99")
    assert "Person 98" not in text_of(client, run, q="person 99")
    assert "Person 98" in text_of(client, run, q="E98")
    assert "Person 99" not in text_of(client, run, q="E98")
    assert "Nobody of these is called that." in text_of(client, run, q="nobody")
    applied = Run.objects.get(state="applied")
    assert "Person 42" in text_of(client, applied, q="E42")


def test_long_answers_come_in_pages_that_do_not_overlap(client, keeper):
    run = deliver(staff(120))
    seen, after = [], 0
    for _ in range(3):
        context = client.get(run.get_absolute_url(), {"after": after}).context
        seen += [told.name for told in context["changes"]]
        after = context["after"]

    assert (len(seen), len(set(seen)), after) == (120, 120, 0)


def test_problems_are_listed_by_code_and_leave_as_csv(client, keeper):
    run = deliver([row(1, status="gone"), row(2, start_date="soon"), {"source_id": "=1+1", "status": "gone"}, row(3)])

    html = text_of(client, run, code="bad_date")

    assert "“soon” is no day." in html
    assert "bad_status 2" in html
    assert "“gone”" not in html
    answer = client.get(f"/people/runs/{run.pk}/problems/")
    lines = b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()
    assert len(lines) == 4
    assert lines[3].split(",")[2] == "'=1+1"
    assert answer["Content-Disposition"].startswith('attachment; filename="hr-')


def test_every_change_leaves_as_csv_a_fact_a_line(client, keeper):
    run = held_run()

    lines = b"".join(client.get(f"/people/runs/{run.pk}/changes/").streaming_content).decode("utf-8-sig").splitlines()

    assert lines[0] == "What,State,Source id,Name,Fact,Before,After"
    assert "Leave,Waits for you,E99,Person 99,status,Active,Left" in lines
    assert len(lines) == 16


def test_dropped_columns_are_named(client, keeper):
    assert "<b>salary</b> (1 row)" in text_of(client, deliver([row(1, salary=100)]))


def test_an_open_run_is_shown_and_can_be_given_up(client, keeper):
    run = actions.open_run("hr", mode="delta", by=keeper)
    assert "It was not closed yet." in text_of(client, run)

    client.post(f"/people/runs/{run.pk}/reject/", {"reason": "A trial"})

    run.refresh_from_db()
    assert (run.state, run.reason) == ("rejected", "A trial")


def test_a_run_that_nobody_closed_says_so(client, keeper):
    run = actions.open_run("hr", mode="delta", by=keeper)
    with time_machine.travel(timezone.now() + dt.timedelta(hours=73)):
        actions.expire_overdue(by=keeper)
    assert "It was never closed." in text_of(client, run)


def test_progress_asks_until_it_is_done_and_claims_nothing(client, keeper):
    run = actions.open_run("hr", mode="delta", by=keeper)
    actions.add_page(run, staff(3), by=keeper)
    actions.close_run(run, by=keeper)
    ask = {"HX-Request": "true", "HX-Target": "run-progress"}

    waiting = client.get(run.get_absolute_url(), headers=ask)
    assert b"It waits for a worker." in waiting.content
    assert b'hx-trigger="every 2s"' in waiting.content
    assert b'aria-current="step"' not in waiting.content

    runs.apply_run(run.pk)
    assert client.get(run.get_absolute_url(), headers=ask)["HX-Refresh"] == "true"


@pytest.mark.parametrize("count", [1, 3])
def test_a_run_costs_the_same_for_one_change_and_for_three(client, keeper, django_assert_num_queries, count):
    deliver([row("boss"), *staff(count)])
    changed = [row(n, location="Leeds", manager_source_id="Eboss") for n in range(count)]
    run = deliver([*changed, row("bad", status="?"), row("worse", status="?")])

    # session, account, run, kinds, changes, people, reports, managers, codes, problems, what was passed on
    with django_assert_num_queries(11):
        client.get(run.get_absolute_url(), {"what": "done-change"})


# --- the decision -------------------------------------------------------------------------------


@pytest.mark.parametrize("verb", ["approve", "reject"])
def test_a_decision_needs_a_reason(client, keeper, verb):
    run = held_run()

    answer = client.post(f"/people/runs/{run.pk}/{verb}/", {"reason": " "})

    run.refresh_from_db()
    assert (answer.status_code, run.state) == (422, "held")
    assert "Say why, in a few words" in answer.content.decode()


def test_approving_says_what_it_does_and_is_done_in_the_background(client, keeper):
    run = held_run()
    address = f"/people/runs/{run.pk}/approve/"
    assert "<b>15 people leave.</b>" in client.get(address).content.decode()

    html = client.post(address, {"reason": "Leeds was closed"}, follow=True).content.decode()

    assert "Approved. It is being done in the background." in html
    assert Person.objects.active().count() == 100
    runs.apply_run(run.pk)
    assert "“Leeds was closed”" in text_of(client, run)
    assert Person.objects.active().count() == 85


def test_rejecting_keeps_everybody_and_the_reason(client, keeper):
    run = held_run()

    html = client.post(f"/people/runs/{run.pk}/reject/", {"reason": "Cut off"}, follow=True).content.decode()

    assert "Rejected by Ines Duarte" in html
    assert "“Cut off”" in html
    assert Person.objects.active().count() == 100


def test_a_question_that_was_answered_meanwhile_is_refused_in_words(client, keeper):
    run = held_run()
    actions.reject_run(run, reason="No", by=admin())

    answer = client.post(f"/people/runs/{run.pk}/approve/", {"reason": "Yes"})

    assert answer.status_code == 409
    assert "This run is rejected; nothing waits in it." in answer.content.decode()


def test_a_question_that_lapsed_leads_to_the_delivery_that_answered_it(client, keeper):
    run = held_run()
    newer = snapshot(staff(100))

    html = client.get(f"/people/runs/{run.pk}/").content.decode()

    assert f'<a href="/people/runs/{newer.pk}/">A newer delivery</a> answered it.' in html


def test_a_held_delivery_by_which_nobody_leaves_says_what_is_asked(client, keeper):
    snapshot(staff(20))
    for one in range(10):
        deliver([row(one, status="inactive")])
    run = snapshot(staff(20)[10:])

    assert "Nothing waits, but is this delivery right?" in client.get(f"/people/runs/{run.pk}/").content.decode()
    asked = client.get(f"/people/runs/{run.pk}/approve/").content.decode()
    assert "The next delivery is measured by this one." in asked


def test_who_approves_second_is_told_who_was_first(client, keeper):
    run = held_run()
    approve(run, by=make_account(Role.PEOPLE_ADMIN, name="Pia Lund"))

    html = client.post(f"/people/runs/{run.pk}/approve/", {"reason": "Yes"}, follow=True).content.decode()

    assert "Pia Lund had approved it already." in html


# --- the way there ------------------------------------------------------------------------------


def test_home_says_to_people_admins_what_is_held_and_asks_nothing_for_others(client, keeper):
    held_run()

    assert "1 delivery of people is held." in client.get("/").content.decode()
    client.force_login(make_account())
    assert "is held" not in client.get("/").content.decode()


# --- after a wrong one --------------------------------------------------------------------------


def wrong_run() -> Run:
    """Three of thirty leave, one of them on leave before."""
    people = [row(n) for n in range(30)]
    people[1]["status"] = "leave"
    snapshot(people)
    make_account(Role.DESIGNER, person=Person.objects.get(source_id="E0"), email="e0@example.com")
    return snapshot(people[3:])


def taken_back(run: Run, keeper: Account) -> Run:
    back = actions.restore_leavers(run, reason="Wrong", by=keeper)
    runs.apply_run(back.pk)
    back.refresh_from_db()
    return back


def statuses(*ids: str) -> list[str]:
    return [Person.objects.get(source_id=pk).status for pk in ids]


def test_whom_a_wrong_run_let_leave_comes_back_whole_in_one_act(client, keeper):
    run = wrong_run()
    assert statuses("E0", "E1", "E2") == ["inactive"] * 3
    assert "3 people left by this delivery and can come back whole." in text_of(client, run)
    assert "3 people come back" in client.get(f"{run.get_absolute_url()}restore/").content.decode()

    answer = client.post(f"{run.get_absolute_url()}restore/", {"reason": "The export was cut short"})

    assert statuses("E0", "E1", "E2") == ["inactive"] * 3, "nobody waits for it in a request"
    back = run.returns.get()
    assert answer.url == back.get_absolute_url()
    assert "Those who left by it are being taken back." in text_of(client, run)
    assert "They are being taken back." in text_of(client, back)
    runs.apply_run(back.pk)
    assert statuses("E0", "E1", "E2") == ["active", "leave", "active"]
    assert "<dt>came back</dt><dd>3</dd>" in text_of(client, back)
    assert Person.objects.get(source_id="E0").end_date is None
    assert Account.objects.get(email="e0@example.com").is_active
    html = text_of(client, run)
    assert "Ines Duarte took back 3 of those who left by it" in html
    assert "The export was cut short" in html
    assert "can come back whole" not in html
    restored = Change.objects.filter(noun="person", verb="restore")
    assert {change.by for change in restored} == {keeper.pk}
    assert restored.count() == 3


def test_taking_leavers_back_asks_why(client, keeper):
    run = wrong_run()
    assert client.post(f"{run.get_absolute_url()}restore/", {"reason": " "}).status_code == 422
    assert statuses("E0") == ["inactive"]


def test_who_is_back_already_or_was_let_go_again_since_is_not_touched(client, keeper):
    run = wrong_run()
    back, gone = Person.objects.get(source_id="E0"), Person.objects.get(source_id="E1")
    actions.restore_person(back, by=keeper)
    actions.terminate_person(actions.restore_person(gone, by=keeper), by=keeper)
    runs_out = Person.objects.get(source_id="E1").status

    assert taken_back(run, keeper).counts["restored"] == 1

    assert statuses("E0", "E1", "E2") == ["active", runs_out, "active"]


def test_after_thirty_days_nobody_is_left_to_take_back(client, keeper):
    run = wrong_run()
    with time_machine.travel(timezone.now() + dt.timedelta(days=31), tick=False):
        assert "can come back whole" not in text_of(client, run)
        with pytest.raises(RuleBroken, match="Nobody is left to take back"):
            actions.restore_leavers(run, reason="Late", by=keeper)


def test_where_nobody_is_left_to_take_back_nothing_is_asked(client, keeper):
    run = wrong_run()
    taken_back(run, keeper)
    html = client.get(f"{run.get_absolute_url()}restore/").content.decode()
    assert "Nobody is left to take back." in html
    assert "0 people" not in html
    assert 'name="reason"' not in html


def test_taken_back_twice_is_taken_back_once(client, keeper):
    run = wrong_run()
    first = actions.restore_leavers(run, reason="Wrong", by=keeper)
    assert actions.restore_leavers(run, reason="Wrong, in another tab", by=admin()) == first
    runs.apply_run(first.pk)
    runs.apply_run(first.pk)
    assert Change.objects.filter(noun="person", verb="restore").count() == 3

    answer = client.post(f"{run.get_absolute_url()}restore/", {"reason": "Again"})
    assert "Nobody is left to take back" in answer.content.decode()


def test_a_return_is_no_sign_of_life_of_the_source(client, keeper):
    run = wrong_run()
    taken_back(run, keeper)

    assert [feed.good for feed in rhythm.feeds()] == [run.pk]
