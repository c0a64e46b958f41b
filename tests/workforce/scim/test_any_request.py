"""Whatever a client sends, the answer is one of the protocol: never a fault of ours."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import ValidationError
from scim2_models import Context, SCIMException
from scim2_models.path import CompareOperator

from base.models import Change
from tests.workforce.scim.client import ENTERPRISE_URN, USER_URN, Provider
from workforce.models import Person
from workforce.queries.scim.columns import GROUP, USER, Many
from workforce.scim import reading, resources, users

pytestmark = pytest.mark.django_db
ANY = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def paths(attributes: dict[str, object]) -> list[str]:
    parts = [f"{name}.{part}" for name, one in attributes.items() if isinstance(one, Many) for part in one.columns]
    return [*attributes, *parts, "nickName", f"{USER_URN}:userName", f"{ENTERPRISE_URN}:manager"]


VALUES = st.one_of(
    st.text(max_size=12),
    st.sampled_from(["%", "_", "\\", "2026-11-23T08:00:00Z", "True", 'a"b', "\x00", "\ud800"]),
    st.booleans(),
    st.none(),
    st.integers(),
    st.floats(allow_nan=False, allow_infinity=False),
)
PATHS = st.sampled_from(sorted({*paths(USER), *paths(GROUP)}))
COMPARISON = st.builds(
    lambda path, op, value: f"{path} {op} {json.dumps(value)}", PATHS, st.sampled_from(list(CompareOperator)), VALUES
)
SIMPLE = st.one_of(COMPARISON, PATHS.map(lambda path: f"{path} pr"))
FILTERS = st.recursive(
    SIMPLE,
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from(["and", "or", "AND"]), inner).map(lambda parts: f"({' '.join(parts)})"),
        inner.map(lambda one: f"not ({one})"),
        st.tuples(st.sampled_from(["emails", "members", "groups", "title"]), SIMPLE).map(lambda p: f"{p[0]}[{p[1]}]"),
    ),
    max_leaves=6,
)
JSON = st.recursive(VALUES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(PATHS, inner, max_size=3))


@pytest.fixture
def idp() -> Provider:
    return Provider(name="idp")


@ANY
@given(text=st.one_of(FILTERS, st.text(max_size=40)), sort=PATHS, kind=st.sampled_from(["Users/", "Groups/", ""]))
def test_any_filter_is_answered(idp, text, sort, kind):
    for body in ({"filter": text}, {"filter": text, "sortBy": sort, "sortOrder": "descending", "count": 3}):
        answer = idp.ask("POST", f"{kind}.search", body)
        assert answer.status_code in {200, 400}, answer.content


@ANY
@given(
    op=st.sampled_from(["add", "Replace", "remove", "test"]),
    path=st.one_of(st.none(), FILTERS, PATHS, st.text(max_size=20)),
    value=JSON,
)
def test_any_patch_is_answered_and_what_is_refused_changes_nothing(idp, op, path, value):
    if not hasattr(idp, "pair"):
        idp.pair = [f"Users/{idp.add()['id']}", f"Groups/{idp.ask('POST', 'Groups', {'displayName': 'G'}).body['id']}"]
    for target in idp.pair:
        before = idp.ask("GET", target).content
        answer = idp.patch(target, {"op": op, "value": value, **({} if path is None else {"path": path})})
        assert answer.status_code in {200, 204, 400, 409}, answer.content
        if answer.status_code >= 400:
            assert idp.ask("GET", target).content == before


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"{", 400),
        (b"[]", 400),
        (b'{"userName": NaN}', 400),
        (b'{"userName": "a", "x": ' + b"[" * 100_000 + b"]" * 100_000 + b"}", 400),
        (b'{"userName": "a", "x": ' + b"[" * 50 + b"]" * 50 + b"}", 400),
        (b"x" * (4 * 1024 * 1024 + 1), 413),
        (b'{"userName": "\xff"}', 400),
        (b'{"userName": "a\\u0000b"}', 400),
        (b'{"userName": "' + b"a" * 300 + b'"}', 400),
        (b'{"userName": ""}', 400),
        (b"{}", 400),
    ],
)
def test_bad_bodies_meet_a_clear_answer(idp, body, status):
    answer = idp.ask("POST", "Users", body)
    assert (answer.status_code, answer.body["status"]) == (status, str(status))
    assert Person.objects.count() == 0


@pytest.mark.parametrize("filter", ["(" * 5000 + "userName pr" + ")" * 5000, "not (" * 60 + "title pr" + ")" * 60])
def test_deep_filters_are_refused(idp, filter):
    assert idp.ask("POST", "Users/.search", {"filter": filter}).status_code == 400


def test_a_joiner_is_the_same_whether_looked_up_or_synced(idp):
    """See also: queries/scim/joining.py. Whoever is waited for goes the way of a run."""
    facts = {"title": "Clerk", "name": {"givenName": "Ann", "familyName": "Lee"}, "emails": [{"value": "a@x.example"}]}
    extension = {ENTERPRISE_URN: {"department": "Sales", "employeeNumber": "7"}}
    quick = idp.add("a", externalId="A", **facts, **extension)
    idp.add("waiting", **{ENTERPRISE_URN: {"manager": {"value": "B"}}})
    facts["emails"] = [{"value": "b@x.example"}]
    synced = idp.add("b", externalId="B", **facts, **extension)

    one, other = (Person.objects.filter(pk=user["id"]).values().get() for user in (quick, synced))
    own = {"id", "source_id", "user_name", "work_email", "created_at", "changed_at", "version"}
    assert {name: value for name, value in one.items() if name not in own} == {
        name: value for name, value in other.items() if name not in own
    }
    trail = [
        Change.objects.filter(subject=user["id"], verb="add").values("noun", "name", "facts").get()
        for user in (quick, synced)
    ]
    assert trail[0] == trail[1]


def test_filters_sorting_paging_and_what_is_shown(idp):
    for name, title in (("ann", "Clerk"), ("Bob", ""), ("cy_", "Chief 100%")):
        idp.add(name, title=title)
    everybody = ["ann", "Bob", "cy_"]

    assert idp.found('title ne "clerk"', sortBy="userName") == ["Bob", "cy_"]
    assert idp.found('not (title eq "CLERK")', sortBy="userName") == ["Bob", "cy_"]
    assert idp.found('title co "0%"') == ["cy_"]
    assert idp.found('userName ew "_"') == ["cy_"]
    assert idp.found('userName ge "b" and title pr') == ["cy_"]
    assert idp.found('title sw "c"', sortBy="title") == ["cy_", "ann"]
    assert idp.found("userName pr", sortBy="title") == ["cy_", "ann", "Bob"]
    assert idp.found("userName pr", sortBy="title", sortOrder="descending") == ["Bob", "ann", "cy_"]
    assert idp.found('meta.lastModified gt "2020-01-01T00:00:00Z"', sortBy="userName") == everybody
    page = idp.ask("GET", "Users?sortBy=userName&startIndex=2&count=1&attributes=userName").body
    assert (page["totalResults"], page["startIndex"], page["itemsPerPage"]) == (3, 2, 1)
    assert page["Resources"][0].keys() == {"schemas", "id", "userName"}
    assert "name" not in idp.ask("GET", "Users?excludedAttributes=name,emails.type").body["Resources"][0]
    assert idp.ask("GET", "Users?count=0").body["totalResults"] == 3
    assert idp.ask("GET", 'Users?filter=nickName eq "x"').body["scimType"] == "invalidFilter"


SENT = st.fixed_dictionaries(
    {},
    optional={
        name: st.one_of(VALUES, st.lists(JSON, max_size=2), st.dictionaries(PATHS, VALUES, max_size=3))
        for name in ("schemas", "userName", "displayName", "name", "emails", "active", "members", ENTERPRISE_URN)
    },
)


@ANY
@given(payload=SENT, model=st.sampled_from([resources.Person, resources.Group]))
def test_whatever_is_sent_is_judged_as_the_library_judges_it_in_the_context_of_a_request(payload, model):
    """See also: reading.checked, which asks for the context only where something required is missing."""

    def judged(check: Callable[[], Any]) -> Any:
        try:
            found = check()
        except (SCIMException, ValidationError) as refused:
            return str(reading.refusal_of(refused) if isinstance(refused, ValidationError) else refused)
        return users.wanted(found) if model is resources.Person else (found.display_name, found.external_id)

    context = Context.RESOURCE_CREATION_REQUEST
    assert judged(lambda: reading.checked(model, payload, context)) == judged(
        lambda: model.model_validate(payload, scim_ctx=context, scim_policy=resources.TOLERANT)
    )
