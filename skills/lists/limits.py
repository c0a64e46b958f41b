"""How long the texts of a skill may be. How much of a stranger's file we take on is in base/tables/limits.py."""

MAX_NAME = 300
MAX_STATEMENT = 2_000
MAX_DESCRIPTION = 20_000
MAX_KEY = 400
