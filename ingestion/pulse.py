"""How a reader of a long file tells that it goes on: the page that it begins, to whoever listens.

A file that gives no sign for a while is taken to hang (`ingestion/crew.py`); one that says its pages may take
as long as it needs, and when it fails all the same the page is known.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

Listener = Callable[[int], None]

_LISTENER: ContextVar[Listener | None] = ContextVar("listener", default=None)


def at_page(number: int) -> None:
    """Say that reading comes to a page (counted from 1); costs nothing where nobody listens."""
    listener = _LISTENER.get()
    if listener is not None:
        listener(number)


@contextmanager
def heard(listener: Listener) -> Iterator[None]:
    """Let `listener` hear of the pages that are read in the block, by this thread."""
    token = _LISTENER.set(listener)
    try:
        yield
    finally:
        _LISTENER.reset(token)
