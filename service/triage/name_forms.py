"""The cases of a name: Polish and German inflect it, English and Spanish add an s."""

from functools import lru_cache

_AFTER_CONSONANT = (
    "'", "'s", "s", "es", "e", "en", "er", "a", "u", "owi", "em", "iem", "ie", "y", "i",
    "om", "ami", "ach", "ow", "a's",
)  # fmt: skip
_AFTER_A = ("as", "y", "i", "ie", "e", "o", "u", "om", "ami", "ach", "aa")
_AFTER_O = ("os", "a", "u", "owi", "em", "iem", "ie", "om", "ami", "ach")
_AFTER_E = ("es", "en", "em", "ego", "emu", "a", "u")
_AFTER_I = ("s", "ego", "emu", "m", "e", "a")
# What a Polish ending does to the letters before it.
_SOFT = {
    "st": "sci", "sz": "szi", "ch": "sz", "t": "ci", "d": "dzi", "r": "rz", "k": "c", "g": "dz",
    "l": "l", "s": "si", "z": "zi", "n": "ni", "m": "mi", "b": "bi", "p": "pi",
    "w": "wi", "f": "fi",
}  # fmt: skip
_LEAST = 3


@lru_cache(maxsize=4_096)
def forms_of(name: str) -> frozenset[str]:
    """Every form of a folded name, itself too."""
    stem, endings = _stem(name)
    made = {stem + ending for ending in endings}
    made |= {f"{name}{ending}" for ending in ("'", "'s", "s")}
    for hard, soft in _SOFT.items():
        if stem.endswith(hard):
            made.add(f"{stem.removesuffix(hard)}{soft}e")
            break
    return frozenset(form for form in made if len(form) >= _LEAST) | {name}


def _stem(name: str) -> tuple[str, tuple[str, ...]]:
    for vowel, endings in (("a", _AFTER_A), ("o", _AFTER_O), ("e", _AFTER_E)):
        if name.endswith(vowel) and len(name) > _LEAST:
            return name[:-1], endings
    if name[-1:] in ("i", "y"):
        return name, _AFTER_I
    return name, _AFTER_CONSONANT
