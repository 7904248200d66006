"""One home with the samples and the national laws, searched by words, for all tests of the evaluation."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from eval.home import Home, opened_home
from eval.subjects import Verbs, verbs_of


@pytest.fixture(scope="session")
def eval_root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("eval")


@pytest.fixture(scope="session")
def eval_home(eval_root: Path) -> Iterator[Home]:
    with opened_home(eval_root / "homes", vectors=False) as opened:
        yield opened


@pytest.fixture
def verbs(eval_home: Home) -> Verbs:
    return verbs_of(eval_home)
