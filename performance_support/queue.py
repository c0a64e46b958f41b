"""What the rules find wrong with resources and around programmes is worked through in the one queue."""

from performance_support.rules import PROGRAMME_RULES, RESOURCE_RULES, STALE_BECAUSE
from skills import queue
from skills.queue import Source


def enter() -> None:
    """Whoever looks whether it is correct is asked first, then its owner; a programme's, whoever planned it."""
    asked = ("about__verifier", "about__owner")
    queue.enter(Source(RESOURCE_RULES, asked, desk="freshness_desk", told_elsewhere=STALE_BECAUSE))
    queue.enter(Source(PROGRAMME_RULES, ("about__owner",), desk="programme_list"))
