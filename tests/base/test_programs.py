"""Programs pass by what stands before pages; nothing else does."""

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from base.middleware import ProgramMiddleware, answers_programs
from tests.workforce.scim.client import Provider

pytestmark = pytest.mark.django_db


def test_only_a_view_that_looks_at_keys_itself_answers_programs():
    def page(request: HttpRequest) -> HttpResponse:
        return HttpResponse()

    assert not answers_programs(page)
    page.login_required = False
    assert not answers_programs(page)
    page.csrf_exempt = True
    assert answers_programs(page)


@pytest.mark.parametrize("path", ["/", "/people/", "/account/login/", "/health/", "/apish/"])
def test_a_page_goes_through_everything(path):
    asked = []
    middleware = ProgramMiddleware(lambda request: asked.append(request.path) or HttpResponse())
    middleware(RequestFactory().get(path))
    assert asked == [path]


def test_what_programs_hear_says_who_may_frame_or_store_it_and_how_long_it_is(client):
    for path in ("/scim/v2/Users", "/api/v1/people/", "/api/v1/nothing"):
        answer = client.get(path)
        assert answer.status_code in {401, 404}
        assert answer["X-Frame-Options"] == "DENY"
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert "frame-ancestors 'none'" in answer["Content-Security-Policy"]
        assert int(answer["Content-Length"]) == len(answer.content)


def test_a_verb_that_an_address_does_not_know_is_405_and_says_which_it_knows():
    answer = Provider(name="idp").ask("PUT", "Users", {})
    assert (answer.status_code, answer.body["status"]) == (405, "405")
    assert answer["Allow"] == "GET, POST, HEAD, OPTIONS"
