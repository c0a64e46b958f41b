"""What is no list is refused with a sentence, soon, and in little memory."""

import io
import struct
import time
import tracemalloc
import zipfile
import zlib

import openpyxl
import pytest

from base.tables.limits import MAX_BYTES, MB, CannotRead
from skills.lists import columns, shape
from skills.lists.rows import Reader


def refusal(content: bytes | io.IOBase) -> CannotRead:
    """What reading it to the end is answered with, within a second and 100 MB."""
    file = io.BytesIO(content) if isinstance(content, bytes) else content
    tracemalloc.start()
    began = time.process_time()
    try:
        with pytest.raises(CannotRead) as refused:
            read_through(file)
        assert tracemalloc.get_traced_memory()[1] < 100 * MB
    finally:
        tracemalloc.stop()
    # Tracing makes everything several times slower.
    assert time.process_time() - began < 5
    return refused.value


def read_through(file: io.IOBase) -> None:
    found = shape.examine(file)
    for _ in Reader(found, columns.guess(found.header, found.dialect)).rows(shape.records(file, found)):
        pass


def packed(**files: bytes | str) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name.replace("__", "/").replace("_dot_", "."), content)
    return file.getvalue()


def workbook_with(sheet: str, **parts: bytes) -> bytes:
    """A real workbook whose first sheet is replaced."""
    book = openpyxl.Workbook()
    book.active.append(["name"])
    plain = io.BytesIO()
    book.save(plain)
    file = io.BytesIO()
    with zipfile.ZipFile(plain) as old, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new:
        for member in old.infolist():
            is_sheet = member.filename == "xl/worksheets/sheet1.xml" and sheet
            new.writestr(member.filename, sheet if is_sheet else old.read(member))
        for name, content in parts.items():
            new.writestr(name.replace("__", "/").replace("_dot_", "."), content)
    return file.getvalue()


def sheet_of(cells: str) -> str:
    return (
        '<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        f"<sheetData>{cells}</sheetData></worksheet>"
    )


class Endless(io.RawIOBase):
    """A file of any size that takes no room; reading more of it than its head is the fault under test."""

    def __init__(self, size: int) -> None:
        self.size, self.at = size, 0

    def seek(self, offset: int, whence: int = 0) -> int:
        self.at = offset if whence == 0 else self.size + offset
        return self.at

    def tell(self) -> int:
        return self.at

    def read(self, size: int = -1) -> bytes:
        raise AssertionError("read before its size was looked at")


def test_a_file_of_200_mb_is_refused_before_it_is_read():
    assert str(refusal(Endless(200 * MB))) == (
        "The file has 200 MB; the limit is 50 MB. Split the list, or leave out columns."
    )


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty"),
        (b"\n\n  \n", "empty"),
        (b"\xef\xbb\xbf", "empty"),
        (b"RSD Name,Skill Statement\n", "header_only"),
        (b"name,statement\n,\n\n", "header_only"),
        (b"%PDF-1.7 \n" + b"x" * 100, "not_a_table"),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "not_a_table"),
        (b"<!doctype html><html><body><table>", "not_a_table"),
        (bytes(range(1, 32)) * 100, "not_a_table"),
        (b"name,statement\nA\0b,Do\n", "nul_bytes"),
        (b"name,statement\n" + b"A,Do a thing\n" * 10_000 + b"B\0,Do\n", "nul_bytes"),
        (b"name,statement\n\xed\xa0\x80,Do\n", "surrogate"),
        (b"name,statement\n" + "é,Tätig\n".encode() * 50 + b"\xff,Do\n", "broken_encoding"),
        ("name,statement\n".encode("utf-16") + b"\x00\xd8,\x00a\x00\n\x00", "broken_encoding"),
        (b'name,statement\nA,"Do a\n' + b"B,Do b\n" * 100, "unclosed_quote"),
        (b"," * 1_000_000 + b"\n1,2\n", "too_many_columns"),
        (b"name,statement\n" + b"," * 1_000_000, "too_many_columns"),
        (b"name,statement\nA," + b"x" * 2 * MB, "line_too_long"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "old_workbook"),
        (b"PK\x03\x04 and no end", "damaged_zip"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_is_no_list_is_refused_and_says_so(content, code):
    refused = refusal(content)

    assert refused.code == code
    assert refused.message.count(".") >= 1


def test_a_line_of_a_gigabyte_is_refused_where_it_begins():
    zipped = packed(list_dot_csv=b"name,statement\nA," + b"x" * 9 * MB)

    assert refusal(zipped).code == "line_too_long"


def test_more_rows_than_the_limit_are_refused():
    file = io.BytesIO(b"name\n" + b"A skill\n" * 200_001)

    with pytest.raises(CannotRead, match="The list has more than 200,000 rows"):
        for _ in shape.records(file, shape.examine(file)):
            pass


def test_a_zip_that_unpacks_to_more_than_the_limit_is_refused():
    assert refusal(packed(list_dot_csv=b"0" * (151 * MB))).message.startswith(
        "It unpacks to 151 MB; the limit is 150 MB."
    )


def test_a_zip_that_grows_out_of_proportion_is_refused():
    assert "times its size" in refusal(packed(list_dot_csv=b"a,b\n" * (5 * MB))).message


def test_a_zip_that_lies_about_its_size_is_refused():
    content = bytearray(packed(list_dot_csv=b"name,statement\nA,Do a\n" * 1000))
    directory = content.rindex(b"PK\x01\x02")
    content[directory + 24 : directory + 28] = struct.pack("<I", 10)

    assert refusal(bytes(content)).code == "damaged_zip"


def test_a_zip_with_a_huge_table_of_contents_is_refused_unopened():
    end = struct.pack("<4sHHHHIIH", b"PK\x05\x06", 0, 0, 65535, 65535, 40 * MB, 0, 0)

    assert refusal(b"PK\x03\x04" + b"\0" * MB + end).code == "damaged_zip"


@pytest.mark.parametrize(
    ("files", "code"),
    [
        ({"inner_dot_zip": b"PK"}, "nested_zip"),
        ({"list_dot_csv": b"name\nA\n", "more_dot_gz": b""}, "nested_zip"),
        ({"one_dot_csv": b"name\nA\n", "two_dot_csv": b"name\nA\n"}, "not_one_table"),
        ({"picture_dot_png": b""}, "not_one_table"),
        ({"word__document_dot_xml": b""}, "not_a_workbook"),
    ],
)
def test_a_zip_must_hold_one_list(files, code):
    assert refusal(packed(**files)).code == code


def test_a_workbook_with_macros_is_refused():
    assert refusal(workbook_with("", xl__vbaProject_dot_bin=b"macro")).code == "macros"


def test_a_workbook_with_xml_entities_is_refused():
    bomb = '<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY lol "lol">]>' + sheet_of("")[21:]

    assert refusal(workbook_with(bomb)).code == "xml_entities"


def test_a_workbook_that_unpacks_to_more_than_the_limit_is_refused():
    assert refusal(workbook_with(sheet_of(" " * (61 * MB)))).code == "zip_bomb"


def test_a_stray_cell_in_the_last_column_is_refused():
    assert refusal(workbook_with(sheet_of('<row r="1"><c r="XFD1"><v>1</v></c></row>'))).code == "too_many_columns"


def test_a_stray_cell_in_the_last_row_is_refused():
    cells = '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c s="1" r="Z1048576"><v>1</v></c></row>'

    assert refusal(workbook_with(sheet_of(cells))).code == "too_many_cells"


def test_a_damaged_workbook_is_refused():
    content = bytearray(workbook_with(sheet_of('<row r="1"><c r="A1"><v>1</v></c></row>')))
    at = content.index(b"xl/worksheets/sheet1.xml") + 30
    content[at : at + 20] = zlib.compress(b"nonsense")[:20].ljust(20, b"!")

    assert refusal(bytes(content)).code in {"damaged_zip", "damaged_workbook"}


def test_a_file_of_50_mb_is_not_too_large():
    assert MAX_BYTES == 50 * MB
