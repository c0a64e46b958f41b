"""Files on resources: what may come in, how it goes out, and what becomes of the one before."""

import datetime as dt
import io
import zipfile
from io import BytesIO
from typing import Any

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from base.errors import Outdated, RuleBroken
from base.models import Change
from performance_support import actions, routines
from performance_support.filetypes import FileRefused, examined, plain_name
from performance_support.models import ErasedFile, Resource
from performance_support.sending import part_of
from performance_support.storing import stored_names
from tests.make import PICTURE, make_account, make_designer, make_key, make_resource, make_upload
from workforce.models import Account, Role

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<<>>\nendobj\n"
MP4 = b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom" + bytes(range(256)) * 4


@pytest.fixture(autouse=True)
def storage(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


@pytest.fixture
def designer():
    return make_designer()


@pytest.fixture
def client(designer):
    return signed_in(designer)


def signed_in(account: Account) -> Client:
    client = Client()
    client.force_login(account)
    return client


def fetched(client: Client, address: str, **how: object) -> tuple[Any, bytes]:
    answer = client.get(address, **how)
    return answer, b"".join(answer.streaming_content)


def stored() -> list[str]:
    return [name for names in stored_names() for name in names]


def package(**parts: str) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return packed.getvalue()


def svg(inside: str, more: str = "") -> bytes:
    return f'<svg xmlns="http://www.w3.org/2000/svg" {more}>{inside}</svg>'.encode()


def refused(content: bytes, name: str, **limits: object) -> tuple[str, str]:
    with pytest.raises(FileRefused) as no:
        examined(BytesIO(content), name, **{"most": 1024 * 1024, **limits})  # type: ignore[arg-type]
    return no.value.code, no.value.message


# --- what may come in -------------------------------------------------------------------------

DOCX = package(**{"[Content_Types].xml": "<x/>", "word/document.xml": "<x/>"})
ODT = package(mimetype="application/vnd.oasis.opendocument.text", **{"content.xml": "<x/>"})


@pytest.mark.parametrize(
    ("content", "name", "media_type"),
    [
        (PICTURE, "order.PNG", "image/png"),
        (b"\xff\xd8\xff\xe0\0\x10JFIF\0\x01" + bytes(30), "a.jpeg", "image/jpeg"),
        (b"GIF89a" + bytes(30), "a.gif", "image/gif"),
        (b"RIFF\x24\0\0\0WEBPVP8 " + bytes(30), "a.webp", "image/webp"),
        (PDF, "guide.pdf", "application/pdf"),
        (MP4, "film.mp4", "video/mp4"),
        (DOCX, "a.docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        (ODT, "a.odt", "application/vnd.oasis.opendocument.text"),
        ("Grüße".encode(), "notes.txt", "text/plain"),
        (b"a;b\n1;2\n", "list.csv", "text/csv"),
        (svg('<g style="fill:url(#a)"><path d="M0 0"/></g>'), "map.svg", "image/svg+xml"),
        (b'<?xml version="1.0" encoding="UTF-8"?><!-- x -->' + svg("<title>A map</title>"), "map.svg", "image/svg+xml"),
    ],
)
def test_its_content_says_what_it_is(content, name, media_type):
    assert examined(BytesIO(content), name, most=1024 * 1024).kind.media_type == media_type


def test_a_pdf_that_claims_to_be_a_picture_is_refused():
    code, words = refused(PDF, "photo.png")
    assert code == "name_does_not_fit"
    assert words.startswith("“photo.png” is a PDF, whatever its name says.")


@pytest.mark.parametrize(
    "drawing",
    [
        svg("<script>alert(1)</script>"),
        svg("<SCRIPT>alert(1)</SCRIPT>"),
        svg("", 'onload="alert(1)"'),
        svg('<a href="https://example.com"><text>x</text></a>'),
        svg('<use href="https://example.com/x.svg#a"/>'),
        svg('<use xmlns:x="http://www.w3.org/1999/xlink" x:href="javascript:alert(1)"/>'),
        svg('<image href="data:image/svg+xml;base64,AAAA"/>'),
        svg('<foreignObject><body xmlns="http://www.w3.org/1999/xhtml"/></foreignObject>'),
        svg('<x:script xmlns:x="http://www.w3.org/1999/xhtml">1</x:script>'),
        svg('<set attributeName="href" to="javascript:alert(1)"/>'),
        svg("<style>@import url(https://example.com/x.css);</style>"),
        svg('<rect style="fill:url(https://example.com/x)"/>'),
        svg(r"<style>rect { fill: u\72l(https://example.com/x) }</style>"),
        b'<?xml-stylesheet href="https://example.com/x.css"?>' + svg(""),
        b'<?xml version="1.0" encoding="cp037"?>' + svg(""),
    ],
)
def test_a_drawing_that_does_more_than_draw_is_refused(drawing):
    code, words = refused(drawing, "map.svg")
    assert (code, words.endswith("as a PNG picture.")) == ("active_content", True)


@pytest.mark.parametrize(
    ("content", "name", "code"),
    [
        (b"<!DOCTYPE html><script>alert(1)</script>", "page.html", "markup"),
        (b"<html><body>x</body></html>", "notes.txt", "markup"),
        (b'<!DOCTYPE svg [<!ENTITY a "b">]>' + svg("&a;"), "map.svg", "markup"),
        (b"MZ" + bytes(300), "setup.exe", "kind_not_taken"),
        (b"MZ" + bytes(300), "guide.pdf", "kind_not_taken"),
        (b"#!/bin/sh\nrm -r x\n", "run.sh", "kind_not_taken"),
        (package(**{"a.txt": "x"}), "a.zip", "kind_not_taken"),
        (package(**{"word/document.xml": "", "word/vbaProject.bin": ""}), "a.docx", "macros"),
        (DOCX[:-30], "a.docx", "damaged"),
        (DOCX, "a.xlsx", "name_does_not_fit"),
        (PICTURE, "picture", "name_does_not_fit"),
        (b"", "a.txt", "empty_file"),
        (PDF * 40_000, "a.pdf", "too_large"),
    ],
)  # fmt: skip
def test_what_is_no_help_is_refused_with_one_reason(content, name, code):
    assert refused(content, name)[0] == code


def test_an_administrator_narrows_the_kinds():
    assert "allows: pdf" in refused(PICTURE, "a.png", allowed=frozenset({"pdf"}))[1]


@pytest.mark.parametrize(
    ("given", "called"),
    [
        ("C:\\Users\\ada\\plan.pdf", "plan.pdf"),
        ("../../etc/passwd", "passwd"),
        ("a\nb\0\u202egnp.pdf", "abgnp.pdf"),
        ("x" * 300 + ".pdf", "x" * 188 + ".pdf"),
        ("  ", "file"),
    ],
)
def test_a_name_is_a_name_and_no_way(given, called):
    assert plain_name(given) == called


# --- versions ---------------------------------------------------------------------------------


def test_a_file_lies_under_a_name_of_chance_and_is_a_version(designer):
    resource = make_resource(by=designer)
    resource = actions.change_resource(resource, upload=make_upload(), file_alt="A stamp", by=designer)
    assert (resource.content_version, resource.state, resource.file_name) == (2, "verified", "order.png")
    assert stored() == [resource.file.name]
    assert "order" not in resource.file.name
    with default_storage.open(resource.file.name) as file:
        assert file.read() == PICTURE
    assert Change.objects.filter(subject=resource.pk, verb="change").get().facts["file_name"] == ["", "order.png"]


def test_the_one_before_stays_with_its_version_and_comes_back(designer):
    first = make_resource(upload=make_upload(), file_alt="A stamp", by=designer)
    second = actions.change_resource(first, upload=make_upload(PDF, "guide.pdf"), file_alt="", by=designer)
    third = actions.change_resource(second, without_file=True, by=designer)
    assert (third.file.name, third.file_size, len(stored())) == ("", 0, 2)
    client = signed_in(designer)
    answer, content = fetched(client, reverse("version_file", args=[third.pk, 2]))
    assert answer["Content-Disposition"] == 'attachment; filename="guide.pdf"'
    assert content == PDF
    assert client.get(reverse("version_file", args=[third.pk, 3])).status_code == 404
    again = actions.return_to(third, third.versions.get(number=1), by=designer)
    assert (again.file.name, again.file_alt) == (first.file.name, "A stamp")
    assert actions.return_to(again, again.versions.get(number=3), by=designer).file_alt == ""


def test_what_is_refused_leaves_nothing_behind(designer):
    resource = make_resource(by=designer)
    with pytest.raises(ValidationError, match="what the picture shows"):
        actions.change_resource(resource, upload=make_upload(), by=designer)
    with pytest.raises(Outdated):
        actions.change_resource(resource, upload=make_upload(), file_alt="x", seen=99, by=designer)
    assert stored() == []


@pytest.mark.parametrize("wrong", [{"file_size": 0}, {"file_name": ""}, {"file_type": ""}, {"file_alt": ""}])
def test_the_database_keeps_the_facts_of_a_file_together(wrong):
    resource = make_resource(upload=make_upload(), file_alt="A stamp")
    with pytest.raises(IntegrityError), transaction.atomic():
        Resource.objects.filter(pk=resource.pk).update(**wrong)


# --- how it goes out --------------------------------------------------------------------------


def test_it_goes_out_in_a_box(client):
    resource = make_resource(upload=make_upload(svg("<path d='M0 0'/>"), "map.svg"), file_alt="The hall")
    answer, _ = fetched(client, reverse("resource_file", args=[resource.pk]))
    assert answer["Content-Type"] == "image/svg+xml"
    assert answer["Content-Disposition"] == 'inline; filename="map.svg"'
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Cache-Control"] == "private, no-store"
    assert "sandbox" in answer["Content-Security-Policy"]
    assert "default-src 'none'" in answer["Content-Security-Policy"]
    assert answer["X-Frame-Options"] == "DENY"


@pytest.mark.parametrize("name", ["guide.pdf", "notes.txt"])
def test_what_does_not_show_within_the_page_is_fetched(client, name):
    resource = make_resource(upload=make_upload(PDF if name.endswith("pdf") else b"Words", name))
    answer, _ = fetched(client, reverse("resource_file", args=[resource.pk]))
    assert answer["Content-Disposition"] == f'attachment; filename="{name}"'


def test_a_video_is_watched_in_parts(client):
    resource = make_resource(upload=make_upload(MP4, "film.mp4"))
    address = reverse("resource_file", args=[resource.pk])
    part, content = fetched(client, address, headers={"Range": "bytes=4-7"})
    assert (part.status_code, content) == (206, b"ftyp")
    assert part["Content-Range"] == f"bytes 4-7/{len(MP4)}"
    beyond = client.get(address, headers={"Range": f"bytes={len(MP4)}-"})
    assert (beyond.status_code, beyond["Content-Range"]) == (416, f"bytes */{len(MP4)}")


@pytest.mark.parametrize(
    ("asked", "part"),
    [
        ("", (0, 9)), ("bytes=0-", (0, 9)), ("bytes=2-3", (2, 3)), ("bytes=-3", (7, 9)), ("bytes=-99", (0, 9)),
        ("bytes=5-99", (5, 9)), ("bytes=9-9", (9, 9)), ("bytes=10-", (1, 0)), ("bytes=-0", (1, 0)),
        ("bytes=5-2", (5, 2)), ("bytes=0-1,3-4", (0, 9)), ("lines=1-2", (0, 9)), ("bytes=-", (0, 9)),
    ],
)  # fmt: skip
def test_which_part_is_asked_for(asked, part):
    assert part_of(asked, 10) == part


def test_a_draft_s_file_is_behind_the_draft_s_door(designer):
    resource = make_resource(upload=make_upload(), file_alt="A stamp", verified=False, by=designer)
    address = reverse("resource_file", args=[resource.pk])
    assert fetched(signed_in(designer), address)[1] == PICTURE
    assert signed_in(make_account()).get(address).status_code == 404
    assert Client().get(address).status_code == 302
    assert signed_in(designer).get(reverse("resource_file", args=[make_resource().pk])).status_code == 404


def test_a_file_that_the_storage_lost_is_missing(client):
    resource = make_resource(upload=make_upload(), file_alt="A stamp")
    default_storage.delete(resource.file.name)
    assert client.get(reverse("resource_file", args=[resource.pk])).status_code == 404


# --- the page ---------------------------------------------------------------------------------


def typed(**more: object) -> dict[str, object]:
    return {"kind": "job_aid", "title": "How to pack", "language": "en", **more}


def chosen(content: bytes = PICTURE, name: str = "order.png", kind: str = "image/png") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, kind)


def test_a_file_comes_with_the_form_and_shows_with_its_words(client):
    answer = client.post(reverse("resource_add"), typed(upload=chosen(), file_alt="A stamp “checked”"))
    resource = Resource.objects.get()
    assert answer.url == resource.get_absolute_url()
    html = client.get(answer.url).content.decode()
    assert 'alt="A stamp “checked”"' in html
    assert "order.png" in html


@pytest.mark.parametrize(
    ("more", "field", "words"),
    [
        ({"upload": chosen}, "file_alt", "what the picture shows"),
        ({"upload": lambda: chosen(PDF, "photo.png"), "file_alt": "x"}, "upload", "is a PDF"),
        ({"upload": lambda: chosen(b"", "a.png")}, "upload", "empty"),
        ({"upload": lambda: chosen(svg("<script/>"), "a.svg"), "file_alt": "x"}, "upload", "script"),
    ],
)
def test_what_is_wrong_with_a_file_stands_at_its_field(client, more, field, words):
    more = {name: value() if callable(value) else value for name, value in more.items()}
    answer = client.post(reverse("resource_add"), typed(**more))
    assert answer.status_code == 422
    assert [words in error for error in answer.context["form"].errors.pop(field)] == [True]
    assert not answer.context["form"].errors
    assert (Resource.objects.count(), stored()) == (0, [])


def test_it_is_taken_out_and_its_words_with_it(client):
    resource = make_resource(upload=make_upload(), file_alt="A stamp")
    address = reverse("resource_change", args=[resource.pk])
    wordless = client.post(address, typed(seen=resource.version, file_alt=""))
    assert list(wordless.context["form"].errors) == ["file_alt"]
    client.post(address, typed(seen=resource.version, text="Words.", without_file="on"))
    resource.refresh_from_db()
    assert (resource.file.name, resource.file_alt, resource.text) == ("", "", "Words.")


def test_whoever_uploads_beside_another_sees_the_other_file(client):
    resource = make_resource(upload=make_upload(), file_alt="A stamp")
    seen = resource.version
    actions.change_resource(resource, upload=make_upload(PDF, "theirs.pdf"), file_alt="", by=make_designer("Ada"))
    address = reverse("resource_change", args=[resource.pk])
    answer = client.post(address, typed(seen=seen, upload=chosen(PDF, "mine.pdf")))
    assert answer.status_code == 409
    html = answer.content.decode()
    assert "theirs.pdf" in html
    assert "Choose “mine.pdf” again" in html
    assert len(stored()) == 2


class Endless(io.RawIOBase):
    """A body whose file never ends; how much of it was read, it remembers."""

    def __init__(self) -> None:
        fields = "".join(part(name, str(value)) for name, value in typed().items())
        self.head = f'{fields}--b\r\n{named("upload")}; filename="film.mp4"\r\n\r\n'.encode()
        self.taken = 0

    def read(self, size: int = -1) -> bytes:
        self.taken += size
        piece, self.head = self.head[:size], self.head[size:]
        return piece + bytes(size - len(piece))


def named(field: str) -> str:
    return f'Content-Disposition: form-data; name="{field}"'


def part(field: str, value: str) -> str:
    return f"--b\r\n{named(field)}\r\n\r\n{value}\r\n"


@pytest.mark.parametrize("route", ["resource_add", "resource_change"])
def test_two_gigabytes_are_refused_by_what_they_say_of_themselves(client, route, tmp_path, settings):
    settings.FILE_UPLOAD_TEMP_DIR = tmp_path / "temporary"
    settings.FILE_UPLOAD_TEMP_DIR.mkdir()
    body = Endless()
    sent = {"CONTENT_TYPE": "multipart/form-data; boundary=b", "CONTENT_LENGTH": str(2 * 1024**3), "wsgi.input": body}
    address = reverse(route, args=[make_resource().pk] if route == "resource_change" else [])
    answer = client.generic("POST", address, **sent)
    assert answer.status_code == 413
    assert "2,048 MB; the limit is 50 MB" in answer.context["form"].errors["upload"][0]
    assert 'value="How to pack"' in answer.content.decode()
    assert body.taken < 1024**2
    assert (stored(), list(settings.FILE_UPLOAD_TEMP_DIR.iterdir())) == ([], [])


# --- gone for good ----------------------------------------------------------------------------


@pytest.fixture
def former(designer) -> Resource:
    resource = make_resource(upload=make_upload(), file_alt="A stamp", by=designer)
    return actions.change_resource(resource, upload=make_upload(PDF, "guide.pdf"), file_alt="", by=designer)


def test_an_administrator_erases_a_former_file_for_a_reason(former, django_capture_on_commit_callbacks):
    client = signed_in(make_account(Role.ADMINISTRATOR))
    address = reverse("file_erase", args=[former.pk, 1])
    assert "Erase the file for good" in client.get(address).content.decode()
    assert client.post(address, {"reason": ""}).status_code == 422
    with django_capture_on_commit_callbacks(execute=True):
        client.post(address, {"reason": "It showed a customer’s name"})
    assert stored() == [former.file.name]
    assert client.get(reverse("version_file", args=[former.pk, 1])).status_code == 404
    change = Change.objects.get(verb="erase_file")
    assert change.facts["reason"] == [None, "It showed a customer’s name"]
    assert client.post(address, {"reason": "Again"}).status_code == 409
    assert actions.return_to(former, former.versions.get(number=1), by=make_designer()).file.name == ""


def test_what_people_are_offered_is_not_erased(former):
    with pytest.raises(RuleBroken, match="offered this file now"):
        actions.erase_file(former, former.versions.get(number=2), reason="x", by=make_account(Role.ADMINISTRATOR))
    assert not ErasedFile.objects.exists()


def test_the_night_sweeps_up_what_nothing_leads_to(former):
    with default_storage.open(former.file.name) as file:
        default_storage.save("resources/ab/abandoned", file)
    ErasedFile.objects.create(
        resource=former, file=former.versions.get(number=1).file, reason="x", erased_by=former.owner
    )
    assert routines.sweep_files() == 0
    with time_machine.travel(timezone.now() + dt.timedelta(days=2)):
        assert routines.sweep_files() == 2
    assert stored() == [former.file.name]


# --- programs ---------------------------------------------------------------------------------


def program(*scopes: str) -> Client:
    return Client(headers={"Authorization": f"Bearer {make_key(*scopes)}"})


def test_a_program_gives_a_file_and_takes_it_out():
    resource = make_resource()
    client, address = program("design"), f"/api/v1/resources/{resource.pk}/file/"
    answer = client.post(address, {"file": chosen(), "file_alt": "A stamp", "version": resource.version})
    assert answer.status_code == 200, answer.content
    told = answer.json()
    assert (told["file_name"], told["file_type"], told["file_size"]) == ("order.png", "image/png", len(PICTURE))
    assert fetched(client, address)[1] == PICTURE
    assert client.post(address, {"file": chosen(), "version": resource.version}).status_code == 409
    assert client.delete(address).json()["file_name"] == ""
    assert client.get(address).status_code == 404


@pytest.mark.parametrize(
    ("file", "status", "code"),
    [((PDF, "photo.png"), 409, "name_does_not_fit"), ((svg("<script/>"), "a.svg"), 409, "active_content")],
)
def test_a_program_hears_why_a_file_is_refused(file, status, code):
    answer = program("design").post(f"/api/v1/resources/{make_resource().pk}/file/", {"file": chosen(*file)})
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (status, code)


def test_a_program_s_two_gigabytes_are_not_read():
    answer = program("design").post(
        f"/api/v1/resources/{make_resource().pk}/file/", {"file": chosen()}, CONTENT_LENGTH=str(2 * 1024**3)
    )
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (413, "too_large")
    assert stored() == []
