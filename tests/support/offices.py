"""An office over a home of its own, and how to wait for it."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from fakes import CountingEmbedder

from api.office import Office
from assistant.desk import Desk, open_desk
from assistant.settings import Settings

HOTEL = "检查笔录\n湖畔旅馆前台未登记同住的未成年人身份信息。\n该旅馆也没有询问监护人的联系方式。\n".encode()
KTV = "情况说明\n星海歌厅在凌晨两点以后仍然营业。\n".encode()


def desk_at(home: Path, embedder: Any = None) -> Desk:
    desk = open_desk(Settings(home=home, upload_mb=1))
    desk.embedder = embedder or CountingEmbedder()
    return desk


def until(true: Callable[[], Any], seconds: float = 20.0) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it did not come about"
        time.sleep(0.01)


def done(office: Office) -> bool:
    return office.progress().state == "idle"


def copies(home: Path) -> list[str]:
    folder = home / "uploads"
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
