import pytest

from tests.make import make_account, make_job_role, make_person
from workforce.models import JobTitle, Role

pytestmark = pytest.mark.django_db


def make_title(name: str, people: int) -> JobTitle:
    title = JobTitle.objects.create(name=name)
    for _ in range(people):
        make_person(job_title=title)
    return title


def sign_in(client, *roles: Role, **fields: object) -> None:
    client.force_login(make_account(*roles, **fields))


def test_titles_without_a_role_come_with_most_people_first(client):
    make_title("Clerk", 1)
    make_title("Rep II", 3)
    sign_in(client, Role.PEOPLE_ADMIN)

    unmapped = client.get("/people/").context["unmapped"]

    assert [(title.name, title.people_count) for title in unmapped] == [("Rep II", 3), ("Clerk", 1)]


def test_a_people_admin_maps_a_title(client):
    title, role = make_title("Rep II", 1), make_job_role("Sales rep")
    sign_in(client, Role.PEOPLE_ADMIN)

    html = client.post(f"/people/titles/{title.pk}/", {"job_role": role.pk}, follow=True).content.decode()

    title.refresh_from_db()
    assert title.job_role == role
    assert "Every title stands for a job role." in html


def test_a_retired_role_is_refused_in_words(client):
    title, role = make_title("Rep II", 1), make_job_role()
    by = make_account()
    type(role).objects.filter(pk=role.pk).update(retired_at="2026-01-01T00:00Z", retired_by=by)
    sign_in(client, Role.PEOPLE_ADMIN)

    html = client.post(f"/people/titles/{title.pk}/", {"job_role": role.pk}, follow=True).content.decode()

    assert "That job role is retired or gone." in html


def test_everybody_else_sees_the_own_entry_and_is_told_whom_to_ask(client):
    make_account(Role.PEOPLE_ADMIN, name="Ines Duarte")
    title = make_title("Rep II", 1)
    sign_in(client, person=make_person(display_name="Tom Becker", job_title=title))

    html = client.get("/people/").content.decode()

    assert "Tom Becker" in html
    assert "Titles without a job role" not in html
    refused = client.post(f"/people/titles/{title.pk}/", {"job_role": ""})
    assert refused.status_code == 403
    assert "Ask Ines Duarte" in refused.content.decode()


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_costs_the_same_for_one_and_for_three(client, django_assert_num_queries, count):
    for n in range(count):
        make_title(f"Title {n}", 1)
        make_job_role()
    sign_in(client, Role.PEOPLE_ADMIN)

    with django_assert_num_queries(5):  # session, account, titles without a role, titles with one, job roles
        client.get("/people/")
