"""What can go wrong when a prosecutor asks, sorted by what the caller does next.

AssistantError        the message is a Chinese sentence that says what to do
├── BadSettings       a setting is unknown or wrong: mend it
├── NotThere          something asked for by name does not exist
└── BadRequest        the request itself cannot be served as it is
"""

from __future__ import annotations


class AssistantError(Exception):
    """The request cannot be served; the message is a Chinese sentence for the user."""


class BadSettings(AssistantError):
    """A setting is unknown or has a wrong value."""


class NotThere(AssistantError):
    """A case, document or law that was asked for by name does not exist."""


class BadRequest(AssistantError):
    """The request is incomplete or contradicts itself."""
