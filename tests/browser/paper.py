"""What Chromium puts on paper, read back from its PDF: the words of each sheet, where they stand and how large.

Only what Chromium writes: pages with one stream of content, text by glyph numbers, fonts that say what those mean.
"""

import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from playwright.sync_api import Page

Matrix = tuple[float, float, float, float, float, float]
STRAIGHT: Matrix = (1, 0, 0, 1, 0, 0)
OBJECT = re.compile(rb"(\d+) 0 obj\s(.*?)\sendobj", re.S)
TOKEN = re.compile(r"/[^\s/<>\[\]()]+|<[0-9A-Fa-f\s]*>|\[|\]|[-+.\d]+|[A-Za-z'\"*]+")


class Run(NamedTuple):
    """Words as they were drawn; places in points from the left and the bottom of the sheet."""

    words: str
    x: float
    y: float
    size: float


@dataclass(frozen=True)
class Sheet:
    width: float
    height: float
    runs: list[Run]

    @property
    def words(self) -> str:
        """Without white space and breaks, which nobody draws."""
        return plain("".join(run.words for run in self.runs))


def plain(words: str) -> str:
    return re.sub(r"[\s\u00ad\u2010-]", "", words)


def printed(page: Page, *, across: bool = False) -> list[Sheet]:
    """As the button *Print* would: A4, and across where the page or whoever prints asks for it."""
    return sheets(page.pdf(format="A4", landscape=across, prefer_css_page_size=True, print_background=True))


def sheets(pdf: bytes) -> list[Sheet]:
    objects = {int(number): body for number, body in OBJECT.findall(pdf)}
    pages = [body for body in objects.values() if re.search(rb"/Type\s*/Page\b", body)]
    return [sheet(body, objects) for body in pages]


def sheet(page: bytes, objects: dict[int, bytes]) -> Sheet:
    _, _, width, height = numbers_of(rb"/MediaBox\s*\[([^\]]*)\]", page)
    fonts = {
        name.decode(): meanings(objects[int(font)], objects)
        for block in re.findall(rb"/Font\s*<<(.*?)>>", page, re.S)
        for name, font in re.findall(rb"/(\S+)\s+(\d+) 0 R", block)
    }
    content = stream(objects[int(re.search(rb"/Contents\s+(\d+)", page)[1])])  # type: ignore[index]
    return Sheet(width, height, list(runs(content.decode("latin-1"), fonts)))


def numbers_of(pattern: bytes, body: bytes) -> list[float]:
    found = re.search(pattern, body)
    assert found
    return [float(number) for number in found[1].split()]


def stream(body: bytes) -> bytes:
    head, _, rest = body.partition(b"stream")
    raw = rest.lstrip(b"\r").removeprefix(b"\n").rpartition(b"endstream")[0]
    return zlib.decompressobj().decompress(raw) if b"FlateDecode" in head else raw


def meanings(font: bytes, objects: dict[int, bytes]) -> dict[int, str]:
    """{glyph: the letters it stands for}."""
    table = re.search(rb"/ToUnicode\s+(\d+)", font)
    if not table:
        return {}
    found: dict[int, str] = {}
    text = stream(objects[int(table[1])]).decode("latin-1")
    for block in re.findall(r"beginbfchar(.*?)endbfchar", text, re.S):
        for glyph, letters in re.findall(r"<(\w+)>\s*<(\w+)>", block):
            found[int(glyph, 16)] = letters_of(letters)
    for block in re.findall(r"beginbfrange(.*?)endbfrange", text, re.S):
        for first, last, letters in re.findall(r"<(\w+)>\s*<(\w+)>\s*<(\w+)>", block):
            for step in range(int(last, 16) - int(first, 16) + 1):
                found[int(first, 16) + step] = chr(ord(letters_of(letters)[0]) + step)
    return found


def letters_of(code: str) -> str:
    return bytes.fromhex(code).decode("utf-16-be")


def after(one: Matrix, other: Matrix) -> Matrix:
    a, b, c, d, e, f = one
    g, h, i, j, k, m = other
    return (a * g + b * i, a * h + b * j, c * g + d * i, c * h + d * j, e * g + f * i + k, e * h + f * j + m)


def runs(content: str, fonts: dict[str, dict[int, str]]) -> Iterator[Run]:
    """Walk the operators that move, choose a font and draw."""
    now = place = STRAIGHT
    kept: list[Matrix] = []
    font: dict[int, str] = {}
    size = 0.0
    said: list[str] = []
    for token in TOKEN.findall(content):
        if not re.match(r"[A-Za-z'\"*]", token):
            said.append(token)
            continue
        figures = [float(word) for word in said if re.fullmatch(r"[-+.\d]+", word)]
        if token == "q":
            kept.append(now)
        elif token == "Q":
            now = kept.pop()
        elif token == "cm":
            now = after(tuple(figures[-6:]), now)  # type: ignore[arg-type]
        elif token == "Tm":
            place = tuple(figures[-6:])  # type: ignore[assignment]
        elif token == "Td":
            place = after((1, 0, 0, 1, figures[-2], figures[-1]), place)
        elif token == "Tf":
            font, size = fonts.get(said[-2][1:], {}), figures[-1]
        elif token in {"Tj", "TJ"}:
            where = after(place, now)
            codes = "".join(word[1:-1] for word in said if word.startswith("<"))
            words = "".join(font.get(int(codes[at : at + 4], 16), "") for at in range(0, len(codes), 4))
            yield Run(words, where[4], where[5], abs(size * where[3]))
        said = []
