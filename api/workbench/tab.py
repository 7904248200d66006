"""What one tab of a browser is about: its case, its conversation, its pane. Gone when the tab is closed."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from api.office import Office
from assistant.reply import Answer

if TYPE_CHECKING:
    from nicegui import ui

    from api.workbench.beside import Beside


@dataclass
class Turn:
    """A question, about which case and as of which day it was asked, and the answer once it is there."""

    question: str
    case: str | None
    as_of: str
    answer: Answer | None = None


async def _nothing() -> None:
    """Until the header is there."""


@dataclass
class Tab:
    """The state of one tab. Nothing of it is stored anywhere."""

    office: Office
    beside: Beside
    case: str | None
    turns: list[Turn] = field(default_factory=list)
    looking_for: str = ""  # what the page 检索 is to look for when it is opened next
    pages: ui.sub_pages | None = None
    refresh_cases: Callable[[], Awaitable[None]] = _nothing

    def redraw(self) -> None:
        """Draw the page anew, for another case or after a change."""
        if self.pages is not None:
            self.pages.refresh()

    async def choose(self, case: str | None) -> None:
        """Make a case the current one, and show it as such."""
        self.case = case
        await self.refresh_cases()
        self.redraw()
