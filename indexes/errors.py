"""What can go wrong with stored data, sorted by what the caller does next.

StoreError            the stored data cannot be used as it is
├── NewerHome         written by a newer gongzhi: upgrade the program
├── ForeignEmbedder   vectors were made by another embedder: switch back, or rebuild
├── DiskFull          no room left: free some; nothing stored was harmed
└── DamagedStore      a file of the home folder cannot be read: rebuild it
"""

from __future__ import annotations


class StoreError(Exception):
    """The stored data cannot be used; the message is a Chinese sentence that says what to do."""


class NewerHome(StoreError):
    """The home folder was written by a newer version of the program."""


class ForeignEmbedder(StoreError):
    """The index was filled by another embedder than the one that is set."""


class DiskFull(StoreError):
    """The disk has no room left."""


class DamagedStore(StoreError):
    """A file of the home folder is damaged."""
