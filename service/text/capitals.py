"""Capital letters of every alphabet that names come in, as one class for expressions."""

_LAST = 0x24F  # the end of Latin Extended-B
_OTHERS = (*range(0x386, 0x400), *range(0x400, 0x530), *range(0x1E00, 0x1F00))

CAPITAL = (
    "[A-Z"
    + "".join(chr(code) for code in (*range(0xC0, _LAST), *_OTHERS) if chr(code).isupper())
    + "]"
)
