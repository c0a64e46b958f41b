"""Build .venv from the hashed requirements, or leave it alone when it is up to date.

Runs before anything is installed and on whatever Python there is, so: the standard library only, and
nothing newer than Python 3.6 can read, or an old Python could not say that it is too old.
"""

import hashlib
import os
import subprocess
import sys

HOUSE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
ENVIRONMENT = os.path.join(HOUSE, ".venv")
STAMP = os.path.join(ENVIRONMENT, "built-from")
OLDEST = (3, 11)


class Refused(Exception):  # noqa: N818 - as everywhere here, the sentence is the point
    """Something stands in the way; the message says what to do."""


def main(requirements: str) -> None:
    if sys.version_info < OLDEST:
        raise Refused(
            f"Sightline needs Python 3.11 or newer, and this is {version()}. Install a newer one "
            "(on Debian: apt-get install python3 python3-venv), or name one: make demo PYTHON=python3.12"
        )
    wanted = fingerprint(requirements)
    if wanted in built_from():
        return
    if not os.access(HOUSE, os.W_OK):
        raise Refused(f"Cannot write to {HOUSE}. Copy the project to a folder of your own and try again.")
    if not has_pip():
        build()
    install(requirements)
    remember(wanted)


def version() -> str:
    return ".".join(str(part) for part in sys.version_info[:2])


def python() -> str:
    return os.path.join(ENVIRONMENT, "bin", "python")


def has_pip() -> bool:
    """False as well when an earlier build was interrupted, or its Python has been removed since."""
    return os.path.exists(python()) and os.path.exists(os.path.join(ENVIRONMENT, "bin", "pip"))


def fingerprint(requirements: str) -> str:
    with open(os.path.join(HOUSE, requirements), "rb") as file:
        digest = hashlib.sha256(file.read()).hexdigest()
    return f"{requirements} {digest}"


def built_from() -> "list[str]":
    if not os.path.exists(STAMP) or not has_pip():
        return []
    with open(STAMP) as file:
        return file.read().splitlines()


def remember(line: str) -> None:
    """What is installed for development holds for a trial as well, but not the other way round."""
    name = line.split(maxsplit=1)[0]
    others = [old for old in built_from() if not old.startswith(name + " ")]
    with open(STAMP, "w") as file:
        file.write("".join(entry + "\n" for entry in [*others, line]))


def build() -> None:
    say(f"Building .venv with Python {version()} (once) ...")
    done = subprocess.run([sys.executable, "-m", "venv", "--clear", ENVIRONMENT], check=False)
    if done.returncode:
        raise Refused("Python's venv module is missing or broken. On Debian and Ubuntu: apt-get install python3-venv")


def install(requirements: str) -> None:
    say(f"Installing the libraries of {requirements} (once) ...")
    pip = [python(), "-m", "pip", "install", "-qq", "--disable-pip-version-check", "--no-input"]
    # The list is whole: pip looks for nothing else, so no later release of a library can come between.
    whole = ["--require-hashes", "--no-deps", "-r", os.path.join(HOUSE, requirements)]
    done = subprocess.run([*pip, *whole], check=False, cwd=HOUSE)
    if done.returncode:
        raise Refused(
            "pip could not install the libraries. If it asks for a compiler above, install one (on Debian: "
            "apt-get install gcc python3-dev); if it could not connect, check the network; then run the same again."
        )


def say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    try:
        main(sys.argv[1])
    except Refused as refused:
        sys.exit(str(refused))
    except KeyboardInterrupt:
        sys.exit("Stopped. Run the same again to go on.")
    except OSError as error:
        sys.exit(f"Cannot write to {error.filename} ({error.strerror}). Make it writable for you and try again.")
