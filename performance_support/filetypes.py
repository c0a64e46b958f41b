"""What a file is, by its own bytes and not by its name; what runs in a reader's browser is no help. No database."""

import re
import xml.etree.ElementTree as ET
import zipfile
from dataclasses import dataclass
from pathlib import PurePath
from typing import BinaryIO, NamedTuple

import puremagic

from base.errors import RuleBroken
from base.tables.limits import CannotRead
from base.tables.package import BROKEN, opened

MB = 1024 * 1024
HEAD = 64 * 1024
LONGEST_NAME = 200
# A drawing is read whole; one that is larger is a picture.
MOST_DRAWING = 2 * MB
OFFICE = "application/vnd.openxmlformats-officedocument"
ODF = "application/vnd.oasis.opendocument"


@dataclass(frozen=True)
class Kind:
    """`endings` are how names of this kind end; the first one is how people call it. `shown`: within the page."""

    name: str
    media_type: str
    endings: tuple[str, ...]
    shown: str = ""


KINDS = [
    Kind("PNG picture", "image/png", ("png",), "picture"),
    Kind("JPEG picture", "image/jpeg", ("jpg", "jpeg", "jfif", "jpe"), "picture"),
    Kind("GIF picture", "image/gif", ("gif",), "picture"),
    Kind("WebP picture", "image/webp", ("webp",), "picture"),
    Kind("SVG drawing", "image/svg+xml", ("svg",), "picture"),
    Kind("MP4 video", "video/mp4", ("mp4", "m4v"), "video"),
    Kind("WebM video", "video/webm", ("webm",), "video"),
    Kind("MP3 recording", "audio/mpeg", ("mp3",), "audio"),
    Kind("PDF", "application/pdf", ("pdf",)),
    Kind("Word document", f"{OFFICE}.wordprocessingml.document", ("docx",)),
    Kind("Excel workbook", f"{OFFICE}.spreadsheetml.sheet", ("xlsx",)),
    Kind("PowerPoint presentation", f"{OFFICE}.presentationml.presentation", ("pptx",)),
    Kind("OpenDocument text", f"{ODF}.text", ("odt",)),
    Kind("OpenDocument spreadsheet", f"{ODF}.spreadsheet", ("ods",)),
    Kind("OpenDocument presentation", f"{ODF}.presentation", ("odp",)),
    Kind("text", "text/plain", ("txt", "md")),
    Kind("CSV table", "text/csv", ("csv",)),
]
BY_TYPE = {kind.media_type: kind for kind in KINDS}
BY_ENDING = {ending: kind for kind in KINDS for ending in kind.endings}
# What an office file must hold to be the one it says it is.
OFFICE_PARTS = {"word/document.xml": "docx", "xl/workbook.xml": "xlsx", "ppt/presentation.xml": "pptx"}
MACROS = re.compile(r"(^|/)vbaProject\.bin$|^(Basic|Scripts)/", re.IGNORECASE)
# What a drawing may be made of. Nothing in it runs, moves by itself, or fetches anything.
SVG = "http://www.w3.org/2000/svg"
DRAWN = {
    *("svg", "g", "path", "rect", "circle", "ellipse", "line", "polyline", "polygon", "text", "tspan", "textPath"),
    *("title", "desc", "defs", "use", "symbol", "marker", "metadata", "linearGradient", "radialGradient", "stop"),
    *("clipPath", "mask", "pattern", "style", "image", "switch", "filter", "feGaussianBlur", "feOffset", "feMerge"),
    *("feMergeNode", "feBlend", "feColorMatrix", "feComposite", "feFlood"),
}
FOREIGN = ("http://www.w3.org/1999/xhtml", "http://www.w3.org/1998/Math/MathML", "http://www.w3.org/2001/xml-events")
REACHES_OUT = re.compile(r"\\|@import|expression\s*\(|javascript:|url\s*\(\s*['\"]?\s*(?!['\"]?\s*#)", re.IGNORECASE)
EMBEDDED = re.compile(r"data:image/(png|jpeg|gif|webp);base64,", re.IGNORECASE)


class FileRefused(RuleBroken):
    """The file is none that we take. The sentence says why, and what to do."""


class Upload(NamedTuple):
    """A file that was looked at. Only `examined` makes one."""

    file: BinaryIO
    name: str
    size: int
    kind: Kind


def examined(file: BinaryIO, name: str, *, most: int, allowed: frozenset[str] = frozenset()) -> Upload:
    """Look what it is. `most` in bytes; `allowed` are endings, all known where none is named. Raises FileRefused."""
    name = plain_name(name)
    size = file.seek(0, 2)
    if size > most:
        raise too_large(size, most)
    if not size:
        raise FileRefused(f"“{name}” is empty. Choose the file again.", code="empty_file")
    kind = kind_of(file, name)
    file.seek(0)
    if allowed and not allowed & set(kind.endings):
        known = ", ".join(sorted(allowed))
        raise FileRefused(f"A {kind.name} is not taken here. An administrator allows: {known}.", code="kind_not_taken")
    if ending_of(name) not in kind.endings:
        raise FileRefused(
            f"“{name}” is a {kind.name}, whatever its name says. Choose the file that you mean, or call it "
            f"“{PurePath(name).stem or 'file'}.{kind.endings[0]}”.",
            code="name_does_not_fit",
        )
    return Upload(file, name, size, kind)


def too_large(size: int, most: int) -> FileRefused:
    return FileRefused(
        f"The file has {size / MB:,.0f} MB; the limit is {most // MB:,} MB. Make it smaller, or put it where large "
        "files are kept and give the address.",
        code="too_large",
    )


def plain_name(name: str) -> str:
    """What it is called, without where it lay and without signs that nobody sees."""
    last = re.split(r"[/\\]", name)[-1]
    seen = "".join(sign for sign in last if sign.isprintable()).strip(" .") or "file"
    stem, dot, ending = seen.rpartition(".")
    return seen if len(seen) <= LONGEST_NAME else f"{(stem or seen)[: LONGEST_NAME - 12]}{dot}{ending[:11]}"


def ending_of(name: str) -> str:
    return PurePath(name).suffix.lower().removeprefix(".")


def kind_of(file: BinaryIO, name: str) -> Kind:
    """Raises FileRefused for what is no help, or might do harm."""
    file.seek(0)
    head = file.read(HEAD)
    if head.startswith(b"PK\x03\x04"):
        return packed(file, name)
    guessed = guess(head)
    if guessed in BY_TYPE and guessed != "image/svg+xml":
        return BY_TYPE[guessed]
    return written(file, name)


def guess(head: bytes) -> str:
    """The media type that its first bytes speak of most clearly; "" where they say nothing."""
    try:
        found = puremagic.magic_string(head)
    except (puremagic.PureError, ValueError):
        return ""
    return next((match.mime_type for match in found if match.mime_type), "")


def packed(file: BinaryIO, name: str) -> Kind:
    """Which office file a package is. Its list of contents is read, nothing in it is unpacked but one short line."""
    try:
        with opened(file) as archive:
            names = set(archive.namelist())
            told = first_line(archive) if "mimetype" in names else ""
    except (*BROKEN, CannotRead) as error:
        raise FileRefused(
            f"“{name}” is damaged or locked. Save it again, without a password.", code="damaged"
        ) from error
    if any(MACROS.search(part) for part in names):
        raise FileRefused(f"“{name}” holds macros, which run when it is opened. Save it without them.", code="macros")
    if told in BY_TYPE:
        return BY_TYPE[told]
    if "[Content_Types].xml" in names:
        for part, ending in OFFICE_PARTS.items():
            if part in names:
                return BY_ENDING[ending]
    raise unknown(name)


def first_line(archive: zipfile.ZipFile) -> str:
    with archive.open("mimetype") as part:
        return part.read(200).decode("ascii", "replace").strip()


def written(file: BinaryIO, name: str) -> Kind:
    """Text, a table or a drawing: what can be read as UTF-8 from end to end."""
    file.seek(0)
    content = file.read(10 * MB)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise unknown(name) from None
    if file.read(1) or re.search(r"[\x00-\x08\x0e-\x1f]", text):
        raise unknown(name)
    if re.match(r"\s*<", text):
        return drawn(text, name)
    if ending_of(name) in {"txt", "md", "csv"}:
        return BY_ENDING[ending_of(name)]
    raise unknown(name)


def drawn(text: str, name: str) -> Kind:
    """A drawing that only draws. Raises FileRefused for any other markup."""
    if "<!DOCTYPE" in text.upper() or "<!ENTITY" in text.upper() or not is_drawing(text):
        raise FileRefused(
            f"“{name}” is a web page or other markup, which could run in a reader’s browser. Write it as text in the "
            "resource, or save it as a PDF.",
            code="markup",
        )
    if len(text) > MOST_DRAWING:
        raise FileRefused(f"“{name}” is too large a drawing. Save it as a PNG picture.", code="too_large")
    if active := what_runs(text):
        raise FileRefused(
            f"“{name}” is a drawing with {active} in it, which could run or fetch something in a reader’s browser. "
            "Save it as a plain SVG without that, or as a PNG picture.",
            code="active_content",
        )
    return BY_ENDING["svg"]


def is_drawing(text: str) -> bool:
    try:
        return ET.fromstring(text).tag in {f"{{{SVG}}}svg", "svg"}  # noqa: S314 - no document type, so no entities
    except (ET.ParseError, ValueError):
        return False


def what_runs(text: str) -> str:
    """The first thing in a drawing that does more than draw, in words; "" where there is none."""
    if re.search(r"<\?(?!xml\s)", text) or re.search(r"encoding\s*=\s*['\"](?!utf-8)", text[:200], re.IGNORECASE):
        return "instructions to the browser"
    for element in ET.fromstring(text).iter():  # noqa: S314 - as above
        if found := element_that_runs(element):
            return found
    return ""


def element_that_runs(element: ET.Element) -> str:
    space, _, tag = element.tag.removeprefix("{").rpartition("}")
    if space in FOREIGN or (space in {"", SVG} and tag not in DRAWN):
        return f"“{tag}”"
    if tag == "style" and REACHES_OUT.search(element.text or ""):
        return "a style that fetches"
    for attribute, value in element.attrib.items():
        called = attribute.rpartition("}")[2].lower()
        if called.startswith("on"):
            return f"“{called}”"
        if called in {"href", "src"} and not is_within(value.strip()):
            return "a link to elsewhere"
        if REACHES_OUT.search(value):
            return "an attribute that fetches"
    return ""


def is_within(address: str) -> bool:
    return address.startswith("#") or bool(EMBEDDED.match(address))


def unknown(name: str) -> FileRefused:
    known = ", ".join(kind.endings[0] for kind in KINDS)
    return FileRefused(f"“{name}” is none of the kinds that are taken: {known}.", code="kind_not_taken")
