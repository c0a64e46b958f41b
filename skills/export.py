"""The skills as a file that other tools take in: the columns of the RSD upload, and our contexts as alignments.

RSD knows no step and no outcome, so each context travels as an alignment: its name says both, its URL leads to the
step, its framework is the workflow. An import keeps what it finds there among the details of the skill.
"""

from collections.abc import Callable
from typing import Any

from skills.models import Context, Skill

HEAD = ("RSD Name", "Authors", "Skill Statement")
# Columns of the list that came in with a skill and go out with it again, under the same names.
KEPT = (
    "Categories",
    "Keywords",
    "Standards",
    "Certifications",
    "Occupation Major Groups",
    "Occupation Minor Groups",
    "Broad Occupations",
    "Detailed Occupations",
    "O*NET Job Codes",
    "Employers",
)
ALIGNMENT = ("Name", "URL", "Framework")
Address = Callable[[Context], str]


def header(alignments: int) -> list[str]:
    """At least one alignment, as the upload form expects; the second and later ones are numbered."""
    numbered = (f"Alignment {n} " if n > 1 else "Alignment " for n in range(1, max(alignments, 1) + 1))
    return [*HEAD, *KEPT, *(prefix + part for prefix in numbered for part in ALIGNMENT)]


def row(skill: Skill, address: Address) -> list[str]:
    """One skill; `address` gives the absolute address of a context's step."""
    kept = {name.casefold(): as_cell(value) for name, value in skill.details.items()}
    owner = skill.owner.name if skill.owner else ""
    cells = [skill.name, kept.get("authors", owner), skill.statement, *(kept.get(name.casefold(), "") for name in KEPT)]
    for context in skill.contexts.all():
        cells += [f"{context.step}, so that {context.outcome}", address(context), context.step.workflow.name]
    return cells


def as_cell(value: Any) -> str:
    return "; ".join(map(str, value)) if isinstance(value, list) else str(value)
