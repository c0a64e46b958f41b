"""Every journey also watches what the browser complains about: a script that fails, a file the policy forbids."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import ConsoleMessage, Page, expect

# Refused and broken requests are told as errors too, and some journeys provoke them; a transition cut short is none,
# nor is a request that a later one or the next page has overtaken.
HARMLESS = (
    "Failed to load resource",
    "Response Status Error",
    "htmx:sendError",
    "htmx:sendAbort",
    "htmx:afterRequest",
    "Transition",
)

# As patient as the page itself: machines that test are busy machines.
expect.set_options(timeout=15_000)


@pytest.fixture
def page(page: Page) -> Iterator[Page]:
    complaints: list[str] = []

    def note(words: str) -> None:
        if not words.startswith(HARMLESS):
            complaints.append(words)

    def note_console(message: ConsoleMessage) -> None:
        if message.type == "error":
            note(message.text)

    page.on("pageerror", lambda error: note(error.message))
    page.on("console", note_console)
    page.set_default_timeout(15_000)
    yield page
    assert complaints == []


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A browser on a busy machine gets a second try, and the closing line counts it; nothing else does."""
    for item in items:
        if item.get_closest_marker("browser"):
            item.add_marker(pytest.mark.flaky(reruns=2))
