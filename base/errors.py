"""How the business says no."""

from collections.abc import Sequence


class RuleBroken(Exception):  # noqa: N818 - the sentence matters, not the suffix
    """The request was understood, and a rule of the business says no.

    The message is shown to people as it stands, so say what to do next.
    """

    def __init__(self, message: str, *, code: str) -> None:
        super().__init__(message)
        self.message = message
        self.code = code

    def reasons(self) -> list[tuple[str, str]]:
        """(code, sentence) of each reason; most refusals have one."""
        return [(self.code, self.message)]


class Outdated(RuleBroken):
    """Somebody else changed it first. Nothing was written; `changes` says what happened meanwhile."""

    def __init__(self, message: str, *, changes: Sequence[object] = ()) -> None:
        super().__init__(message, code="outdated")
        self.changes = changes
