"""Real laws and judgments for the tests that want them: GONGZHI_DATA names a folder that holds laws/ and judgments/."""

from __future__ import annotations

import os
from pathlib import Path


def real(folder: str) -> Path | None:
    """The folder of real data of that name; None where it is not here."""
    root = os.environ.get("GONGZHI_DATA", "")
    place = Path(root, folder)
    return place if root and place.is_dir() else None


def missing(folder: str) -> str:
    """Why a test that wants it is skipped."""
    return f"no data: GONGZHI_DATA names no folder that holds {folder}/"
