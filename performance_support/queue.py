"""What the rules find wrong with resources is worked through in the one queue."""

from performance_support.rules import RESOURCE_RULES
from skills import queue
from skills.queue import Source


def enter() -> None:
    """Whoever looks whether it is correct is asked first, then its owner."""
    queue.enter(Source(RESOURCE_RULES, ("about__verifier", "about__owner"), desk="freshness_desk"))
