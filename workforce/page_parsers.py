"""A page of people as a request carries it: its bytes, read once, and what they are."""

from collections.abc import Mapping
from dataclasses import dataclass
from email.message import Message
from typing import IO, Any, ClassVar

from rest_framework.exceptions import APIException, ErrorDetail, ValidationError
from rest_framework.parsers import BaseParser

from workforce.feeds import reading
from workforce.feeds.reading import CannotRead, TooLarge


class PageTooLarge(APIException):
    status_code = 413


@dataclass
class RawPage:
    content: bytes
    kind: str
    charset: str

    def let_go(self) -> None:
        """A request and its parsers refer to each other, so they wait for the collector; the page must not wait too."""
        self.content = b""

    def rows(self) -> list[Any]:
        """Raises ValidationError or PageTooLarge with a sentence."""
        try:
            return reading.rows_of(self.content, kind=self.kind, charset=self.charset)
        except CannotRead as why:
            raise refusal(why) from None


class PageParser(BaseParser):
    """Reads no more than a page may have, whatever the request promises."""

    kind: ClassVar[str]

    def parse(  # type: ignore[override]
        self, stream: IO[bytes], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> RawPage:
        headers = (parser_context or {})["request"].headers
        try:
            if int(headers.get("Content-Length") or 0) > reading.MOST_BYTES:
                raise TooLarge(f"This page is larger than {reading.MOST_BYTES // 1024**2} MB.")
            content = reading.content_of(stream, encoding=headers.get("Content-Encoding", "").strip().lower())
        except CannotRead as why:
            raise refusal(why) from None
        return RawPage(content, self.kind, charset_of(media_type))


class JsonPages(PageParser):
    media_type = "application/json"
    kind = "json"


class NdjsonPages(PageParser):
    media_type = "application/x-ndjson"
    kind = "ndjson"


class OtherNdjsonPages(NdjsonPages):
    media_type = "application/ndjson"


class CsvPages(PageParser):
    media_type = "text/csv"
    kind = "csv"


PAGE_PARSERS = [JsonPages, NdjsonPages, OtherNdjsonPages, CsvPages]


def charset_of(media_type: str | None) -> str:
    header = Message()
    header["Content-Type"] = media_type or ""
    return str(header.get_content_charset() or "")


def refusal(why: CannotRead) -> APIException:
    if isinstance(why, TooLarge):
        return PageTooLarge(why.sentence, why.code)
    return ValidationError({"non_field_errors": [ErrorDetail(why.sentence, why.code)]})
