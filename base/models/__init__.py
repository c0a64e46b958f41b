from base.models.answer import Answer
from base.models.change import Change
from base.models.constraints import both_or_neither, is_between, says_something
from base.models.file import BroughtFile, Piece
from base.models.flag import Flag, FlagQuerySet
from base.models.job import Job, JobQuerySet
from base.models.noun import Noun, Retirable, RetirableQuerySet
from base.models.outbox import OutboxMessage
from base.models.watch import WatchRun, WatchRunQuerySet

__all__ = [
    "Answer",
    "BroughtFile",
    "Change",
    "Flag",
    "FlagQuerySet",
    "Job",
    "JobQuerySet",
    "Noun",
    "OutboxMessage",
    "Piece",
    "Retirable",
    "RetirableQuerySet",
    "WatchRun",
    "WatchRunQuerySet",
    "both_or_neither",
    "is_between",
    "says_something",
]
