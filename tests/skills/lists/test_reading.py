"""Lists as people really have them."""

import io
import zipfile
from pathlib import Path

import openpyxl
import pytest
from django.conf import settings

from skills.lists import columns, shape
from skills.lists.rows import Reader, Row

DATA = Path(settings.BASE_DIR).parent / "shared" / "data"


def read(content: bytes, **mapping: str) -> list[Row]:
    file = io.BytesIO(content)
    found = shape.examine(file)
    guessed = columns.guess(found.header, found.dialect)
    return list(Reader(found, mapping or guessed).rows(shape.records(file, found)))


def workbook(*rows: list, hidden: str = "") -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    if hidden:
        book.create_sheet(hidden).sheet_state = "hidden"
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def real(name: str) -> bytes:
    file = DATA / name
    if not file.exists():
        pytest.skip(f"{file} is not there")
    return file.read_bytes()


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252", "mac_roman"]
)
def test_the_encoding_is_found(encoding):
    content = "Skill Name;Skill Statement\nKöln café;Préparer les dossiers à l’heure\n".encode(encoding)

    assert [row.statement for row in read(content)] == ["Préparer les dossiers à l’heure"]


@pytest.mark.parametrize(
    ("encoding", "words"),
    [
        ("cp1251", "Подготовить документы клиента для отдела продаж и проверить их вовремя"),
        ("cp1250", "Przygotować dokumenty klienta, żeby dział sprzedaży mógł zacząć rozmowę"),
        ("cp932", "顧客情報を確認して営業担当に渡すことができる。注文を処理する。"),
        ("gb18030", "填写并提交客户信息，以便销售代表可以进行下一步工作。"),
    ],
)
def test_lists_from_elsewhere_keep_their_letters(encoding, words):
    content = ("name;statement\n" + "".join(f"{words} {n};{words}\n" for n in range(20))).encode(encoding)

    assert read(content)[0].statement == words


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_found(delimiter):
    content = delimiter.join(["name", "statement", "course"]) + "\n" + delimiter.join(["A", "Do a thing", "one"])

    assert [(row.name, row.statement) for row in read(content.encode())] == [("A", "Do a thing")]


def test_excels_own_hint_names_the_delimiter():
    assert [row.name for row in read(b"sep=;\nname;statement\nA, b;Do\n")] == ["A, b"]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_every_line_end_is_one(end):
    content = end.join(["name,statement", "A,Do a", '"B', 'b",Do b', ""])

    assert [row.name for row in read(content.encode())] == ["A", "B b"]


def test_row_numbers_are_those_of_the_spreadsheet():
    assert [row.number for row in read(b"name,statement\nA,Do a\n\n,,\nB,Do b\n")] == [2, 5]


def test_a_list_of_bare_labels_is_read_from_its_first_row_on():
    rows = read(b"Customer data entry\nNegotiation basics\n")

    assert [(row.number, row.name, row.statement) for row in rows] == [
        (1, "Customer data entry", None),
        (2, "Negotiation basics", None),
    ]


def test_a_title_above_the_header_is_not_part_of_the_list():
    content = b"Skills list 2026,,\n,,\nname,statement,course\nA,Do a,one\nB,Do b,two\n"
    found = shape.examine(io.BytesIO(content))

    assert (found.header, found.header_at) == (["name", "statement", "course"], 3)
    assert found.notes == ["What stands above the header in row 3 is not part of the list."]


def test_a_tab_separated_table_may_mean_its_quotes():
    rows = read(b'name\tstatement\nA\t"Do" as the label says\nB\tDo b\n')

    assert [row.statement for row in rows] == ['"Do" as the label says', "Do b"]


def test_a_workbook_gives_its_values_as_people_read_them():
    content = workbook(
        ["name", "statement", "Hours", "Since"], ["A", "Do a", 12.0, __import__("datetime").date(2026, 1, 2)]
    )

    assert read(content)[0].details == {"Hours": "12", "Since": "2026-01-02"}


def test_a_workbook_says_what_it_did_not_read():
    found = shape.examine(io.BytesIO(workbook(["name", "statement"], ["A", "=1+1"], ["B", "Do"], hidden="Old")))

    assert found.notes == [
        "Hidden sheets are not read: Old.",
        "1 cells hold formulas; what they last came to was read, the formulas were not.",
    ]


def test_a_formula_in_a_csv_is_text():
    assert read(b"name,statement\nA,=HYPERLINK(1)\n")[0].statement == "=HYPERLINK(1)"


def test_the_mark_that_keeps_a_spreadsheet_from_running_a_cell_is_taken_off():
    assert read(b"name,statement\nA,'=1+1\n")[0].statement == "=1+1"


@pytest.mark.parametrize(
    "header",
    [
        "RSD Name,Authors,Skill Statement,Categories,Keywords",
        "Canonical URL,RSD Name,Authors,Skill Statement,Categories",
        "canonical url,rsd name,author,SKILL STATEMENT,Category",
        "Collection,Skill Name,Skill Category,Contextualized Skill Statement,Keywords",
    ],
)
def test_the_four_header_sets_are_known(header):
    names = header.split(",")
    found = shape.examine(io.BytesIO(f"{header}\n{','.join('abcde'[: len(names)])}\n".encode()))

    assert found.dialect == "rsd"
    assert columns.is_certain(columns.guess(found.header, found.dialect), found.dialect)


def test_reference_columns_are_lists_trimmed_and_without_repeats():
    content = (
        "RSD Name,Skill Statement,Categories,Occupation Major Groups,O*Net Job Codes,Alignment Name,Alignment 2 URL\n"
        "A,Do a, x; ;y ; x,15-0000,15-1200; 15-0000,First,https://example.com/2\n"
    )

    assert read(content.encode())[0].details == {
        "Categories": ["x", "y"],
        "Occupation Major Groups": ["15-0000"],
        "O*NET Job Codes": ["15-1200", "15-0000"],
        "Alignments": [{"name": "First"}, {"url": "https://example.com/2"}],
    }


def test_a_row_without_a_statement_has_only_its_name():
    assert (read(b"name,statement\nA,\n")[0].name, read(b"name,statement\nA,\n")[0].statement) == ("A", None)


def test_a_row_without_a_name_is_called_by_its_statement():
    assert read(b"name,statement\n,Do a thing\n")[0].name == "Do a thing"


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (",", "It has neither a name nor a statement."),
        ("---,...", "It has neither a name nor a statement."),
        ("A,%s" % ("x" * 2001), "Its statement has 2,001 characters; the limit is 2,000."),
        ("%s,Do" % ("x" * 301), "Its name has 301 characters; the limit is 300."),
        ("A,Do\x01", "“statement” has a control character (U+0001). Delete it."),
        ("A,Do,it", "It has 4 cells under 3 columns"),
    ],
)
def test_a_rejected_row_says_why_and_keeps_its_cells(row, reason):
    rejected = read(f"name,statement,x\n{row},1\nB,Do b,\n".encode())[0]

    assert rejected.reason.startswith(reason)
    assert rejected.cells


def test_a_repeated_row_is_no_second_skill():
    assert [row.reason for row in read(b"name,statement\nA,Do a\na,Other\nA,Do a\n")] == [
        "",
        "",
        "Says the same as row 2.",
    ]


def test_one_name_for_two_statements_makes_two_keys():
    first, second = read(b"name,statement\nListening,Hear what is meant\nListening,Repeat what was said\n")

    assert first.key == "listening"
    assert second.key == f"listening #{second.print[:8]}"


def test_one_key_for_two_skills_is_a_fault_of_the_list():
    rows = read(b"id,name,statement\n7,A,Do a\n7,B,Do b\n")

    assert rows[1].reason == "Row 2 has the same key and says something else. Give each row a key of its own."


def test_columns_of_one_name_are_told_apart():
    assert shape.examine(io.BytesIO(b"name,course,course,\nA,b,c,d\n")).header == [
        "name",
        "course",
        "course (2)",
        "Column D",
    ]


def test_esco_comes_whole():
    rows = read(real("esco/ESCO dataset - v1.1.0 - classification - en - csv.zip"))

    assert len(rows) == 13_891
    assert not [row for row in rows if row.reason]
    assert rows[0].also_called == [
        "manage staff of music",
        "coordinate duties of musical staff",
        "manage music staff",
        "direct musical staff",
    ]


@pytest.mark.parametrize(
    ("name", "count"), [("rsd/BLS-Import.csv", 1447), ("rsd/oNet-Import.csv", 1016), ("rsd/Skills-Import.csv", 2)]
)
def test_real_lists_come_whole(name, count):
    rows = read(real(name))

    assert len(rows) == count
    assert not [row for row in rows if row.reason]


def test_onets_quotes_are_kept():
    rows = read(real("onet/Task Statements.txt"), name="Task")

    assert len(rows) == 18_796
    assert sum(1 for row in rows if '"' in (row.statement or row.name)) == 6


def test_a_package_of_one_table_is_that_table():
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("folder/list.csv", "name,statement\nA,Do a\n")

    assert [row.name for row in read(file.getvalue())] == ["A"]
