"""Which encoding a text file is in: told by its mark, proven by decoding it, or guessed and then still checked."""

import codecs
import re
from typing import BinaryIO

from charset_normalizer import from_bytes

from base.tables.limits import MB, CannotRead

MARKS = [
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
]
# Letters and signs of western European lists. Anything else in a cp1252 reading means that it is something else.
WESTERN = set("àáâãäåæçèéêëìíîïñòóôõöøùúûüýÿßœšžÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÑÒÓÔÕÖØÙÚÛÜÝŸŒŠŽ–—‘’“”„…€§°£©®™«»·•¡¿¼½¾²³ºª´\u00a0")
GUESSES = [
    *("cp1250", "cp1251", "cp1252", "cp1253", "cp1254", "cp1255", "cp1256", "cp1257", "koi8_r", "mac_roman"),
    *("iso8859_2", "iso8859_5", "iso8859_15", "cp437", "cp850", "cp932", "euc_jp", "gb18030", "big5", "euc_kr"),
]
SURROGATE = re.compile(rb"\xed[\xa0-\xbf][\x80-\xbf]")
UNKNOWN = "Save the file again as “CSV UTF-8” and upload that."


def encoding_of(file: BinaryIO) -> str:
    """The name of a codec that decodes the whole file. Raises CannotRead; leaves the file at its beginning."""
    file.seek(0)
    head = file.read(64 * 1024)
    file.seek(0)
    for mark, name in MARKS:
        if head.startswith(mark):
            return name
    if b"\0" in head:
        return without_mark(head)
    try:
        prove_utf8(file)
    except UnicodeDecodeError as error:
        return guess(head, error)
    finally:
        file.seek(0)
    return "utf-8"


def without_mark(head: bytes) -> str:
    """UTF-16 without its mark has a NUL in every other byte of plain text; any other NUL is not text."""
    pairs = len(head) // 2 or 1
    if head[1::2].count(0) / pairs > 0.4 and not head[0::2].count(0):
        return "utf-16-le"
    if head[0::2].count(0) / pairs > 0.4 and not head[1::2].count(0):
        return "utf-16-be"
    raise nul_bytes()


def nul_bytes() -> CannotRead:
    return CannotRead(
        f"The file has NUL bytes, which no list has: it is damaged, or not a table. {UNKNOWN}", code="nul_bytes"
    )


def prove_utf8(file: BinaryIO) -> None:
    decoder = codecs.getincrementaldecoder("utf-8")()
    while chunk := file.read(MB):
        decoder.decode(chunk)
    decoder.decode(b"", final=True)


def guess(head: bytes, error: UnicodeDecodeError) -> str:
    """Not UTF-8, then what? A guess has to explain what UTF-8 could not."""
    wrong = error.object[error.start : error.start + 3]
    if SURROGATE.match(wrong):
        raise CannotRead(
            f"The file has half a character (a lone surrogate), which no text has. {UNKNOWN}", code="surrogate"
        )
    as_utf8 = head.decode("utf-8", errors="replace")
    meant = sum(1 for letter in as_utf8 if letter > "\x7f" and letter != "\ufffd")
    if meant > 10 * as_utf8.count("\ufffd"):
        raise CannotRead(f"The file is UTF-8, but some of it is damaged. {UNKNOWN}", code="broken_encoding")
    # The fault may lie behind the head: then there is nothing in it to guess from.
    sample = head if as_utf8.count("\ufffd") else bytes(error.object[max(0, error.start - 20_000) :][:64_000])
    if is_western(sample):
        return "cp1252"
    best = from_bytes(sample, cp_isolation=GUESSES, steps=5, chunk_size=512).best()
    if best is None:
        raise CannotRead(f"Nobody can tell in which encoding the file is. {UNKNOWN}", code="unknown_encoding")
    return best.encoding


def is_western(sample: bytes) -> bool:
    """Few letters beyond ASCII, all of them usual ones: short lists are too short for statistics."""
    try:
        text = sample.decode("cp1252")
    except UnicodeDecodeError:
        return False
    beyond = [letter for letter in text if letter > "\x7f"]
    return len(beyond) < len(text) / 4 and WESTERN.issuperset(beyond)
