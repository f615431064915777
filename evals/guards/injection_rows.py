"""The attacked complaints: read from the public folder, split in halves by the hash of their id."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

from evals.guards.public import rows


@dataclass(frozen=True)
class Attacked:
    """A complaint, with the attack in it or untouched."""

    id: str
    text: str
    attack: str
    """Empty where the complaint is untouched."""
    complaint_id: str

    @property
    def held_out(self) -> bool:
        """Half of the rows, which nobody looks at while the checks are written."""
        return hashlib.sha256(self.id.encode()).digest()[0] % 2 == 1

    @property
    def own_words(self) -> str:
        """The complaint without the attack."""
        return self.text.replace(self.attack, " ") if self.attack else self.text


def attacked_rows() -> list[Attacked]:
    """All rows, untouched ones too."""
    attacks = {row["id"]: row["text"] for row in rows("injection_deepset")}
    attacks |= {row["id"]: row["attack"] for row in rows("bipia_text_attacks")}
    return [
        Attacked(
            id=row["id"],
            text=row["text"],
            attack=attacks.get(row["attack_id"], "") if row["label"] else "",
            complaint_id=row["complaint_id"],
        )
        for row in rows("injection_in_complaints")
    ]


def customers() -> Iterator[str]:
    """What real customers wrote to brands, none of it an attack."""
    yield from (row["customer_text"] for row in rows("twcs_brand_reply_pairs"))


def written_to_brands() -> Iterator[str]:
    """The customers' turns of another collection."""
    for row in rows("ibm_cdp_conversations"):
        yield from (turn["text"] for turn in row["dialog"] if turn["role"] == "customer")


def real_replies() -> dict[str, str]:
    """What brands answered to the complaints that attacks were put into later."""
    return {row["id"]: row["reply_text"] for row in rows("twcs_brand_reply_pairs")}
