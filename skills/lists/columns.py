"""What the columns of a list mean. Four header sets of Rich Skill Descriptors and ESCO's are known by heart.

Header sets A to D are those of the OSMT project (upload v3, export v3 and v2, server batch), wrong spellings included.
"""

import re
from collections.abc import Iterable

# Our fields; a mapping is {field: header of the list}.
NAME, STATEMENT, KEY, DESCRIPTION, ALSO_CALLED = "name", "statement", "key", "description", "also_called"
FIELDS = (NAME, STATEMENT, KEY, DESCRIPTION, ALSO_CALLED)

RSD = {
    NAME: ["rsd name", "skill name"],
    STATEMENT: ["skill statement", "contextualized skill statement"],
    KEY: ["canonical url"],
}
ESCO = {
    NAME: ["preferredlabel"],
    KEY: ["concepturi"],
    DESCRIPTION: ["description"],
    ALSO_CALLED: ["altlabels"],
}
# In the order of trust, for any other table.
ANY = {
    NAME: [
        "name",
        "skill",
        "skill title",
        "skill label",
        "title",
        "label",
        "short name",
        "competency",
        "skills",
        "abbreviatedstatement",
    ],
    STATEMENT: [
        "statement",
        "fullstatement",
        "what people can do",
        "competency statement",
        "competencytext",
        "ability",
    ],
    KEY: ["id", "identifier", "uri", "url", "code", "key", "id number", "skill id"],
    DESCRIPTION: ["description", "definition", "notes", "details", "explanation"],
    ALSO_CALLED: ["also called", "alternative labels", "synonyms", "aliases", "other names"],
}

# Reference columns of RSD lists, as they are kept: one spelling, whatever theirs was.
LISTS = {
    "authors": "Authors",
    "author": "Authors",
    "categories": "Categories",
    "category": "Categories",
    "skill categories": "Categories",
    "skill category": "Categories",
    "keywords": "Keywords",
    "standards": "Standards",
    "professional standards": "Standards",
    "certifications": "Certifications",
    "occupation major groups": "Occupation Major Groups",
    "occupation minor groups": "Occupation Minor Groups",
    "broad occupations": "Broad Occupations",
    "detailed occupations": "Detailed Occupations",
    "o*net job codes": "O*NET Job Codes",
    "bls major group": "Occupation Major Groups",
    "bls minor group": "Occupation Minor Groups",
    "bls broad occupation": "Broad Occupations",
    "bls detailed occupation": "Detailed Occupations",
    "o*net job role": "O*NET Job Codes",
    "employers": "Employers",
    "employer": "Employers",
    "collection": "Collections",
}
# “Alignment Name”, “Alignment 2 URL”, and set D's “Alignment Title” with the address in plain “Alignment”.
ALIGNMENT = re.compile(r"^alignment(?: (\d+))?(?: (name|title|url|framework))?$")


def plain(header: str) -> str:
    return " ".join(header.casefold().replace("_", " ").split())


def dialect_of(headers: Iterable[str]) -> str:
    """“rsd”, “esco” or “table”."""
    known = {plain(header) for header in headers}
    if known.issuperset({"preferredlabel", "concepturi"}):
        return "esco"
    if known.intersection(RSD[NAME]) and known.intersection(RSD[STATEMENT]):
        return "rsd"
    return "table"


def is_known(header: str) -> bool:
    word = plain(header)
    sets = (*RSD.values(), *ESCO.values(), *ANY.values())
    return word in LISTS or ALIGNMENT.match(word) is not None or any(word in words for words in sets)


def guess(headers: list[str], dialect: str) -> dict[str, str]:
    """{field: header} as far as the headers tell."""
    sets = {"rsd": RSD, "esco": ESCO}.get(dialect, ANY)
    by_word = {plain(header): header for header in reversed(headers)}
    found = {field: first(words, by_word) for field, words in sets.items()}
    mapping = {field: header for field, header in found.items() if header}
    if dialect == "table":
        complete(mapping, headers, by_word)
    return mapping


def first(words: list[str], by_word: dict[str, str]) -> str:
    return next((by_word[word] for word in words if word in by_word), "")


def complete(mapping: dict[str, str], headers: list[str], by_word: dict[str, str]) -> None:
    """A lone column is the name; a longer text is the statement where no column says so; “SOC Code” is a key."""
    if NAME not in mapping:
        titled = [header for header in headers if re.search(r"\b(name|title|label|skill)s?$", plain(header))]
        if titled or len(headers) == 1:
            mapping[NAME] = (titled or headers)[0]
    if STATEMENT not in mapping:
        described = mapping.pop(DESCRIPTION, "") or next(
            (h for w, h in by_word.items() if w.endswith("definition")), ""
        )
        if described:
            mapping[STATEMENT] = described
    if KEY not in mapping:
        keys = [header for header in headers if re.search(r"\b(code|id|uri|url)$", plain(header))]
        if keys:
            mapping[KEY] = keys[0]


def is_certain(mapping: dict[str, str], dialect: str) -> bool:
    """A list in a known format needs no person to name its columns."""
    return dialect != "table" and NAME in mapping
