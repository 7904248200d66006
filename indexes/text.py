"""The text that is searched for a passage, and its identity."""

from __future__ import annotations

import hashlib
import unicodedata

# Marks that two printings of one text write differently: quotation marks of both kinds and the two zeros.
_SAME = str.maketrans({"“": '"', "”": '"', "‘": "'", "’": "'", "〇": "零", "○": "零"})


def fold(text: str) -> str:
    """`text` without the differences that two printings of it may show.

    White space goes; full and half width, kinds of quotation marks and 〇/零 become one
    (a quotation is verbatim after this folding and no other).

    >>> fold("“第 一 条”（２０２４年）") == fold('"第一条"(2024年)')
    True
    """
    return "".join(unicodedata.normalize("NFKC", text).translate(_SAME).split())


def search_text(headings: tuple[str, ...], text: str) -> str:
    """What is searched for a passage: where it stands, then its own words."""
    return " ".join(headings) + "\n" + text if headings else text


def text_hash(text: str) -> str:
    """The identity of a searched text: 32 hex digits over its folded form."""
    return hashlib.sha256(fold(text).encode()).hexdigest()[:32]
