"""What can go wrong while reading, sorted by what the caller does next.

ReadingError            one file cannot be added; the others go on
├── MissingFile         the path is not there (any more)
├── UnknownFormat       no reader for this content
└── UnreadableFile      damaged, empty, locked by a password, undecodable
"""

from __future__ import annotations


class ReadingError(Exception):
    """One file cannot be read; `cause` and `advice` are Chinese sentences for the user."""

    def __init__(self, path: str, cause: str, advice: str) -> None:
        super().__init__(f"{path}：{cause}。{advice}")
        self.path = path
        self.cause = cause
        self.advice = advice


class MissingFile(ReadingError):
    """The path does not exist, or vanished before it was read."""


class UnknownFormat(ReadingError):
    """The content is of no format that has a reader."""


class UnreadableFile(ReadingError):
    """The file is damaged, empty, locked by a password or not decodable."""
