"""Bytes to text: UTF-8 and marked UTF-16 always, older code pages where there is no doubt."""

import codecs
from collections.abc import Sequence

from service.knowledge.formats.raw import refused

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_CODE_PAGES = ("cp1250", "cp1252")
_LETTERS = {
    "pl": "ąćęłńóśźż",
    "es": "áéíñóúü¿¡ªº",
    "de": "äöüß",
    "en": "éèêëïöç",
    "fr": "àâæçéèêëîïôœùûüÿ",
    "cs": "áčďéěíňóřšťúůýž",
    "it": "àèéìíîòóùú",
}
_SIGNS = "“”„‘’‚«»–—…€£§°·•©®™±×½¼²³\u00a0\u00ad"


def decode(content: bytes, where: str) -> str:
    """The text of a file that must be Unicode; ImportRefused names the line that is not."""
    text = _marked(content, where)
    if text is not None:
        return text
    try:
        return content.decode()
    except UnicodeDecodeError as exc:
        raise refused(f"{where} line {_line(exc)}: not UTF-8; save the file as UTF-8") from exc


def decode_guessing(content: bytes, where: str, languages: Sequence[str]) -> str:
    """Also takes cp1250 and Latin-1, as spreadsheets write them, where only one reading fits."""
    text = _marked(content, where)
    if text is not None:
        return text
    try:
        return content.decode()
    except UnicodeDecodeError as exc:
        readings = _readings(content, languages)
        if len(readings) != 1:
            raise refused(
                f"{where} line {_line(exc)}: not UTF-8, and which other encoding it is in is not "
                "certain; save the file as UTF-8 (in a spreadsheet: CSV UTF-8)"
            ) from exc
        return readings.pop()


def _marked(content: bytes, where: str) -> str | None:
    for mark, name in _MARKS:
        if not content.startswith(mark):
            continue
        try:
            return content.decode(name)
        except UnicodeDecodeError as exc:
            line = _line(exc) if name == "utf-8-sig" else "?"
            raise refused(
                f"{where} line {line}: begins as {name.upper()} and then is not; save it as UTF-8"
            ) from exc
    if b"\x00" in content[:1000]:
        raise refused(f"{where}: not text, or UTF-16 without its mark; save it as UTF-8")
    return None


def _line(exc: UnicodeDecodeError) -> int:
    return exc.object[: exc.start].count(b"\n") + 1


def _readings(content: bytes, languages: Sequence[str]) -> set[str]:
    """The different texts that the bytes can be; code pages that agree count once."""
    from charset_normalizer import from_bytes

    likely = {str(match) for match in from_bytes(content, cp_isolation=list(_CODE_PAGES))}
    expected = _expected(languages)
    return {text for text in likely if all(c in expected for c in text.lower() if c > "\x7f")}


def _expected(languages: Sequence[str]) -> frozenset[str]:
    """What may stand in a text of these languages beside ASCII."""
    letters = "".join(_LETTERS.get(code, "") for code in languages)
    return frozenset(letters + _LETTERS["en"] + _SIGNS)
