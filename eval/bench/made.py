"""What a file made for the reading bench is: its bytes, and the texts that a reader must find in it and must not."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Made:
    """A generated file with known content.

    `lines` are texts that must each stand once in the canonical text, in this order; `absent` are texts that
    must not stand in it (hidden text, deleted text, page numbers). `pages` counts pages where the format has them.
    """

    format: str
    feature: str
    name: str
    data: bytes
    lines: tuple[str, ...]
    absent: tuple[str, ...] = ()
    pages: int = 1
