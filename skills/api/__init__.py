from skills.api.flags import FlagViews
from skills.api.skills import ContextViews, SkillViews

__all__ = ["ContextViews", "FlagViews", "SkillViews"]
