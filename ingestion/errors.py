"""What can go wrong while reading, sorted by what the caller does next.

ReadingError            one file cannot be added; the others go on
├── MissingFile         the path is not there (any more)
├── UnknownFormat       no reader for this content
├── UnreadableFile      damaged, empty, locked by a password, undecodable
└── SecretFile          bears a secrecy marking and may not be taken in
"""

from __future__ import annotations


class ReadingError(Exception):
    """One file cannot be read; `cause` and `advice` are Chinese sentences for the user."""

    def __init__(self, path: str, cause: str, advice: str) -> None:
        super().__init__(f"{path}：{cause}。{advice}")
        self.path = path
        self.cause = cause
        self.advice = advice

    def __reduce__(self) -> tuple[type[ReadingError], tuple[str, str, str]]:
        """An error crosses from one process to another by its three parts."""
        return type(self), (self.path, self.cause, self.advice)


class MissingFile(ReadingError):
    """The path does not exist, or vanished before it was read."""


class UnknownFormat(ReadingError):
    """The content is of no format that has a reader."""


class UnreadableFile(ReadingError):
    """The file is damaged, empty, locked by a password or not decodable."""


class SecretFile(ReadingError):
    """The file bears a marking of state secrets: nothing of it may be stored.

    保守国家秘密法（2024 年修订）第三十一条: no state secret is stored or processed in a system that is not made for it.
    """
