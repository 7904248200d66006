"""The workbench: web pages over one office, in the same process as the API, with nothing fetched from outside."""

from __future__ import annotations

from api.workbench.door import mount

__all__ = ["mount"]
