"""Where each rule can be mended: words for the button, and the place behind it."""

from workflows.models import Outcome, Step

Remedy = tuple[str, str, Step | Outcome | None]


def remedy_in_composer(code: str, step: Step | None, outcome: Outcome | None) -> Remedy:
    """(words, anchor in the page, thing whose page it is) for somebody who has the composer open."""
    place: Remedy = ("Choose an outcome", "#outcome", None) if step else ("Choose a step", "#step", None)
    remedies: dict[str, Remedy] = {
        "no_context": place,
        "path_broken": ("Choose an outcome", "#outcome", None),
        "work_retired": ("Choose a step", "#step", None),
        "nobody_performs": ("Look at the step", "#step", step),
        "outcome_unmeasured": ("Give it a measure", "#outcome", outcome),
        "step_unrated": ("Rate the step", "#step", step),
        "looks_alike": ("Compare", "#alike", None),
        "says_little": ("Word it", "#does", None),
    }
    return remedies.get(code, ("", "", None))
