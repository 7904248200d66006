"""The command line in process, small laws and documents for it, and one home whose vectors are real."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from api.command import run

LAW = """# 旅店管理条例

2009年12月1日 国务院第一号令公布{since}

<!-- INFO END -->

第一条 为了维护治安，制定本条例。

第二条 {duty}

第三条 本条例自{day}起施行。
"""
OLD = LAW.format(since="", duty="旅店接待未成年人住宿，应当询问监护人的联系方式。", day="2010年1月1日")
NEW = LAW.format(
    since=" 2020年5月1日 国务院第二号令修订",
    duty="旅店接待未成年人住宿，应当询问监护人的联系方式，并向公安机关报告可疑情形。",
    day="2020年6月1日",
)
OTHER = """# 噪声管理办法

2011年3月1日 国务院第三号令公布

<!-- INFO END -->

第一条 夜间施工应当公告附近居民。

第二条 本办法自2011年5月1日起施行。
"""
HOTEL = "检查笔录\n湖畔旅馆前台未登记同住的未成年人身份信息。\n该旅馆也没有询问监护人的联系方式。\n"
KTV = "情况说明\n星海歌厅在凌晨两点以后仍然营业。\n歌厅大厅没有悬挂未成年人禁入标志。\n"
SCHOOL = "走访记录\n学校发现三名学生夜间入住湖畔旅馆，随即联系家长。\n"


@dataclass(frozen=True)
class Said:
    """What a command said and how it ended."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """The one JSON document that stdout must be."""
        return json.loads(self.out)

    @property
    def lines(self) -> list[Any]:
        """The JSON lines that stdout must be."""
        return [json.loads(line) for line in self.out.splitlines()]


Command = Callable[..., Said]


def command_for(home: Path) -> Command:
    """Runs `gongzhi` on a home folder."""

    def call(*arguments: object, home: Path = home) -> Said:
        out, err = io.StringIO(), io.StringIO()
        with redirect_stdout(out), redirect_stderr(err):
            code = run(["--home", str(home), *map(str, arguments)])
        return Said(code, out.getvalue(), err.getvalue())

    return call


@pytest.fixture
def gongzhi(tmp_path: Path) -> Command:
    """The command on a home of its own."""
    return command_for(tmp_path / "home")


def write(folder: Path, **files: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        (folder / f"{name}.txt").write_text(text, encoding="utf-8", newline="\n")
    return folder


@pytest.fixture
def papers(tmp_path: Path) -> Path:
    """A folder of three short documents."""
    return write(tmp_path / "卷宗", 旅馆=HOTEL, 歌厅=KTV, 学校=SCHOOL)


def write_laws(folder: Path) -> Path:
    for name, text in {
        "行政法规/旅店管理条例(2010-01-01).md": OLD,
        "行政法规/旅店管理条例(2020-06-01).md": NEW,
        "行政法规/噪声管理办法(2011-05-01).md": OTHER,
        "_index.md": "# 目录\n",
    }.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


@pytest.fixture
def law_folder(tmp_path: Path) -> Path:
    """Two versions of one norm, another norm, and an index that is no law."""
    return write_laws(tmp_path / "laws")


@dataclass(frozen=True)
class Filled:
    """A home with laws, a case and vectors, what `index` said, and where the files lie."""

    gongzhi: Command
    home: Path
    papers: Path
    indexed: Said


@pytest.fixture(scope="session")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Filled:
    """One home that was filled by the real embedder; tests leave it as it is."""
    folder = tmp_path_factory.mktemp("filled")
    gongzhi = command_for(folder / "home")
    papers = write(folder / "卷宗", 旅馆=HOTEL, 歌厅=KTV)
    write(folder / "别案", 学校=SCHOOL)
    assert gongzhi("laws", write_laws(folder / "laws")).code == 0
    assert gongzhi("add", papers, "--case", "甲案").code == 0
    assert gongzhi("add", folder / "别案", "--case", "乙案").code == 0
    indexed = gongzhi("index", "--json")
    return Filled(gongzhi, folder / "home", papers, indexed)
