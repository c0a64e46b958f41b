"""ZIP files, and what hides in them. Nothing is unpacked before its size is known, and never more than the limit."""

import tempfile
import zipfile
import zlib
from pathlib import PurePosixPath
from typing import BinaryIO, cast

from base.tables.limits import MAX_DIRECTORY, MAX_RATIO, MAX_UNPACKED, MB, CannotRead

END_OF_DIRECTORY = b"PK\x05\x06"
TABLES = (".csv", ".tsv", ".txt")
# What Python's zipfile answers damaged, encrypted and exotic archives with.
BROKEN = (zipfile.BadZipFile, zlib.error, RuntimeError, NotImplementedError, EOFError, OSError, ValueError)
PACKED = (".zip", ".gz", ".7z", ".rar", ".xlsx", ".xlsm", ".tar", ".bz2", ".xz")


def is_package(file: BinaryIO) -> bool:
    file.seek(0)
    head = file.read(4)
    file.seek(0)
    return head in {b"PK\x03\x04", END_OF_DIRECTORY}


def opened(file: BinaryIO) -> zipfile.ZipFile:
    """The archive, after a look at the size of its table of contents: that alone can fill a machine."""
    file.seek(0, 2)
    size = file.tell()
    file.seek(max(0, size - 66_000))
    tail = file.read()
    end = tail.rfind(END_OF_DIRECTORY)
    if end < 0 or int.from_bytes(tail[end + 12 : end + 16], "little") > MAX_DIRECTORY:
        raise damaged()
    file.seek(0)
    try:
        return zipfile.ZipFile(file)
    except BROKEN as error:
        raise damaged() from error


def damaged() -> CannotRead:
    return CannotRead("The ZIP file is damaged. Pack it again, or upload the CSV file in it.", code="damaged_zip")


def must_fit(members: list[zipfile.ZipInfo], limit: int = MAX_UNPACKED) -> None:
    """Raises CannotRead for what unpacks to more than we take on."""
    unpacked = sum(member.file_size for member in members)
    packed = sum(member.compress_size for member in members) or 1
    if unpacked > limit:
        raise bomb(f"It unpacks to {unpacked / MB:,.0f} MB; the limit is {limit // MB} MB.")
    if unpacked > 10 * MB and unpacked / packed > MAX_RATIO:
        raise bomb(f"It unpacks to {unpacked / packed:,.0f} times its size; the limit is {MAX_RATIO} times.")


def bomb(fact: str) -> CannotRead:
    return CannotRead(f"{fact} Upload the list itself, without packing it.", code="zip_bomb")


def table_in(file: BinaryIO) -> tuple[BinaryIO, str]:
    """The one table of a package, unpacked to a temporary file, and its name. Raises CannotRead."""
    with opened(file) as archive:
        members = [member for member in archive.infolist() if is_ours(member)]
        if any(member.filename.lower().endswith(PACKED) for member in members):
            raise CannotRead(
                "There is another packed file inside the ZIP. Take the list out and upload that.", code="nested_zip"
            )
        member = the_table(members)
        must_fit([member])
        return unpacked(archive, member), member.filename


def is_ours(member: zipfile.ZipInfo) -> bool:
    return not member.is_dir() and not PurePosixPath(member.filename).name.startswith((".", "__MACOSX"))


def the_table(members: list[zipfile.ZipInfo]) -> zipfile.ZipInfo:
    """ESCO's package holds sixteen tables, and one of them is its skills."""
    tables = [member for member in members if member.filename.lower().endswith(TABLES)]
    skills = [member for member in tables if PurePosixPath(member.filename).name.lower().startswith("skills_")]
    if len(tables) == 1:
        return tables[0]
    if len(skills) == 1:
        return skills[0]
    fact = f"The ZIP holds {len(tables)} tables" if tables else "There is no CSV file in the ZIP"
    raise CannotRead(f"{fact}. Upload the one list that you want to bring in.", code="not_one_table")


def unpacked(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> BinaryIO:
    target = cast(BinaryIO, tempfile.TemporaryFile())  # noqa: SIM115 - the caller closes it
    try:
        with archive.open(member) as source:
            # zipfile stops at the size the directory states, so a directory that lies ends as damaged.
            while chunk := source.read(MB):
                target.write(chunk)
    except BROKEN as error:
        target.close()
        if member.flag_bits & 1:
            raise CannotRead(
                "The ZIP asks for a password. Upload the list without one.", code="has_password"
            ) from error
        raise damaged() from error
    target.seek(0)
    return target
