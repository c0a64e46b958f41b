from skills.models.difference import Difference
from skills.models.digest import Digest
from skills.models.flags import SkillFlag
from skills.models.imports import Import, ImportPiece, ImportRow
from skills.models.skill import LEVEL, Context, Skill
from skills.models.word import Word

__all__ = [
    "LEVEL",
    "Context",
    "Difference",
    "Digest",
    "Import",
    "ImportPiece",
    "ImportRow",
    "Skill",
    "SkillFlag",
    "Word",
]
