"""A record store beside the tests, connected and switched on."""

from collections.abc import Iterator

import pytest

from performance_support import actions
from performance_support.models import Lrs
from tests.make import make_account
from tests.performance_support.xapi.store import Store, storing
from workforce.models import Role


@pytest.fixture
def store() -> Iterator[Store]:
    with storing() as there:
        yield there


@pytest.fixture
def lrs(store: Store) -> Lrs:
    by = make_account(Role.ADMINISTRATOR)
    made = actions.connect_lrs(store.url, key="k", secret="s", kinds=["step"], by=by)
    return actions.switch_lrs(made, on=True, by=by)
