"""What the pages about a team can be narrowed to."""

from typing import Any

from gaps.looking import Look
from gaps.queries import among


def offered(look: Look) -> dict[str, Any]:
    """Only what these people have: their teams, their roles, and the workflows of the steps that those perform."""
    return {
        "workflows": among.workflows(look.people),
        "teams": among.teams(look.people),
        "roles": among.roles(look.people),
    }
