"""What a trial keeps in its own folder in place of Redis and of a secret from the environment."""

import os
import secrets
from pathlib import Path


def queue_folders(folder: Path) -> dict[str, str | float]:
    """Options for kombu's filesystem:// transport: one folder that everybody writes to and reads from."""
    queue, control = folder / "queue", folder / "queue-control"
    for place in (queue, control):
        private(place)
    return {
        "data_folder_in": str(queue),
        "data_folder_out": str(queue),
        "control_folder": str(control),
        "polling_interval": 0.2,  # seconds; the default of one second shows in every progress bar
    }


def private(folder: Path) -> Path:
    """A folder that only its owner can open: letters in it hold links that open accounts."""
    folder.mkdir(parents=True, exist_ok=True)
    if folder.stat().st_mode & 0o077:
        folder.chmod(0o700)
    return folder


def secret(folder: Path) -> str:
    """Signs sessions: made once per folder and readable only by its owner, so that sign-ins survive a restart."""
    file = folder / "secret"
    if not file.exists():
        folder.mkdir(parents=True, exist_ok=True)
        draft = folder / f"secret.{os.getpid()}"
        draft.touch(mode=0o600)
        draft.write_text(secrets.token_urlsafe(50))
        # Linking fails if somebody else was first, and never shows anybody half a secret.
        try:
            os.link(draft, file)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return file.read_text()
