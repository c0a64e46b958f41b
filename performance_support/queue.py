"""What the rules find wrong with resources and around programmes is worked through in the one queue."""

from performance_support.rules import PROGRAMME_RULES, RESOURCE_RULES
from skills import queue
from skills.queue import Source


def enter() -> None:
    """Whoever looks whether it is correct is asked first, then its owner; a programme's, whoever planned it."""
    queue.enter(Source(RESOURCE_RULES, ("about__verifier", "about__owner"), desk="freshness_desk"))
    queue.enter(Source(PROGRAMME_RULES, ("about__owner",), desk="programme_list"))
