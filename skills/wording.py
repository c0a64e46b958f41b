"""How a statement is put together from its parts, and taken apart again. Words only: no database.

“Support the sales rep by completing and submitting the customer information”: a verb, whom it serves, and a
behaviour that one could watch.
"""

import re
from dataclasses import dataclass
from difflib import SequenceMatcher

from skills.verbs import DOUBLED, VERBS

# What the composer offers; a statement that begins otherwise keeps its own verb.
OPENERS = ("Support", "Help", "Spare", "Protect", "Let", "Keep", "Save", "Give")

COMPOSED = re.compile(r"(?P<verb>[^\W\d_]+) (?P<serves>.+?) by (?P<behaviour>[^\W\d_]+ing\b.*)", re.DOTALL)
PURPOSE = re.compile(r",? so that .*", re.DOTALL | re.IGNORECASE)
# Verbs in a row: “Complete and submit”, “Read, check and sign”.
ROW = re.compile(r"[^\W\d_]+(?:(?:, and |, or |, then |, | and | or | then )(?=[^\W\d_]))?")
VOWEL_SOUND = re.compile(r"[aeiouy]+")


@dataclass(frozen=True)
class Parts:
    """What a statement is made of; empty where a label does not say it."""

    verb: str = OPENERS[0]
    serves: str = ""
    behaviour: str = ""

    @property
    def contribution(self) -> str:
        """“Support the sales rep”; empty while nobody is named."""
        return f"{self.verb} {self.serves}" if self.serves else ""


def statement_of(parts: Parts) -> str:
    """The sentence without its outcome, which belongs to the context."""
    if not parts.serves:
        return parts.behaviour[:1].upper() + parts.behaviour[1:]
    return f"{parts.contribution} by {parts.behaviour}" if parts.behaviour else parts.contribution


def parts_of(statement: str) -> Parts:
    """The parts of a statement or of a bare label. A label without a verb that can be watched has no behaviour."""
    words = PURPOSE.sub("", tidy(statement))
    if found := COMPOSED.fullmatch(words):
        return Parts(found["verb"], found["serves"], found["behaviour"])
    return Parts(behaviour=behaviour_of(words))


def behaviour_of(label: str) -> str:
    """“Complete and submit the form” → “completing and submitting the form”; empty for “Python”, which names no act."""
    words = tidy(label)
    first = words.partition(" ")[0].rstrip(",").lower()
    if first == "to":
        return behaviour_of(words[3:])
    if first.endswith("ing") and len(first) > 4 and first not in VERBS:
        return words[0].lower() + words[1:]
    return in_progress(words) if first in VERBS else ""


def in_progress(words: str) -> str:
    """Turns the verbs in a row at the beginning into their -ing forms and leaves the rest alone."""
    done, rest = "", words
    while found := ROW.match(rest):
        verb, joint = split_joint(found[0])
        if verb.lower() not in VERBS:
            break
        done, rest = done + ing(verb.lower()) + joint, rest[found.end() :]
        if not joint:
            break
    return done + rest


def split_joint(found: str) -> tuple[str, str]:
    verb = re.match(r"[^\W\d_]+", found)
    end = verb.end() if verb else 0
    return found[:end], found[end:]


def ing(verb: str) -> str:
    """The -ing form of an English verb in British spelling."""
    if verb.endswith("ie"):
        return f"{verb[:-2]}ying"
    if verb.endswith("e") and not verb.endswith(("ee", "oe", "ye")) and verb != "be":
        return f"{verb[:-1]}ing"
    if verb.endswith("c"):
        return f"{verb}king"
    return f"{verb}{verb[-1]}ing" if doubles(verb) else f"{verb}ing"


def doubles(verb: str) -> bool:
    """One stressed vowel before one consonant: cut, plan, submit; not open, edit, visit, read."""
    if not re.search(r"(?:^|[^aeiou]|qu)[aeiou][^aeiouwxy]$", verb):
        return False
    return verb in DOUBLED or len(VOWEL_SOUND.findall(verb.replace("qu", "q"))) == 1


def tidy(text: str) -> str:
    """On one line, without the full stop."""
    return " ".join(text.split()).rstrip(".;")


def marked(statement: str, against: str) -> list[tuple[str, bool]]:
    """The words of one statement in runs, and whether each run differs from the other statement."""
    words, others = statement.split(), against.split()
    keys, other_keys = [plain(word) for word in words], [plain(word) for word in others]
    runs: list[tuple[str, bool]] = []
    for kind, start, end, _, _ in SequenceMatcher(None, keys, other_keys, autojunk=False).get_opcodes():
        if start < end:
            runs.append((" ".join(words[start:end]), kind != "equal"))
    return runs


def plain(word: str) -> str:
    """A word without its case and its ending, so that “submit” meets “submitting”."""
    bare = word.strip(".,;:!?“”‘’\"'()").casefold()
    if bare.endswith("ing") and len(bare) > 5:
        bare = bare[:-3]
    return bare[:-1] if len(bare) > 3 and (bare.endswith(("e", "s")) or bare[-1] == bare[-2]) else bare


def with_article(role: str) -> str:
    """“Sales rep” → “the sales rep”; “IT support” keeps its capitals."""
    first = role.partition(" ")[0]
    return f"the {role}" if first[1:] != first[1:].lower() else f"the {role[:1].lower()}{role[1:]}"
