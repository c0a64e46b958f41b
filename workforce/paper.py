"""The policy as a paper, written from what the code executes."""

from itertools import groupby

from base.retention import RULES, Rule

BEGINNING = """# What is kept about people, why, and for how long

Written by `manage.py write_privacy` from the rules that the code executes (`*/policy.py`, `base/retention.py`); a
test fails where the two differ, and where a column that could hold something about a person has no rule.

*Erasing* somebody who has left (`manage.py erase_person ID`, or Settings, Privacy) does what the last column says, in
one transaction; `--plan` only counts. What is recorded of it is when, by whom, why, and how many rows: nothing about
who it was. Leavers are erased in the same way once the policy no longer keeps them. Feeds must stop sending whoever was
erased: a row that comes again is a new person. Backups keep their own time.

Figures about groups are shown from five people on, and no day with fewer to somebody who may not see the people in it.
Why a figure changed is told only to whoever may see everybody behind it: two sums that differ by one person would tell
of one.
"""
ROOMS = {
    "performance_support": "Support at the step",
    "gaps": "What is said about people",
    "skills": "Skills",
    "workflows": "Work",
    "workforce": "People, accounts and their feeds",
    "account": "Signing in",
    "mfa": "Second factors",
    "socialaccount": "Sign-on through a provider",
    "base": "The trail and what is sent",
    "sessions": "Sessions",
}


def room_of(rule: Rule) -> str:
    return rule.model.split(".")[0]


def by_room() -> list[tuple[str, list[Rule]]]:
    """(room in words, its rules), in the order of `ROOMS`."""
    ordered = sorted(RULES, key=lambda rule: list(ROOMS).index(room_of(rule)))
    return [(ROOMS[room], list(rules)) for room, rules in groupby(ordered, key=room_of)]


def written() -> str:
    parts = [BEGINNING]
    for room, rules in by_room():
        parts.append(f"## {room}\n\n| table, columns | what | why | how long | at erasure |\n|---|---|---|---|---|")
        parts += [line(rule) for rule in rules]
        parts.append("")
    return "\n".join(parts)


def line(rule: Rule) -> str:
    columns = ", ".join(rule.columns) or "all"
    kept = f"`{rule.expires[1]}`" if rule.expires else rule.kept
    return f"| `{rule.model}`: {columns} | {rule.what} | {rule.why} | {kept} | {rule.fate_in_words} |"
