"""The demonstration: from the sample case that is shipped to a cited answer and a letter."""

from __future__ import annotations

import time
from importlib.resources import as_file, files
from pathlib import Path

from api import adding, asking, drafting
from api.console import say, show
from assistant.desk import Desk, open_desk
from assistant.settings import Settings

CASE = "2026-0117"
OFFICE = "临江市望湖区人民检察院"
ADDRESSEE = "临江市公安局望湖区分局"
QUESTION = "旅馆接待未成年人入住应当履行哪些义务？"


def run(folder: Path) -> int:
    """Load law, add the sample case, ask, draft; everything lies in `folder` afterwards."""
    began = time.monotonic()
    desk = open_desk(Settings(home=folder / "home", office=OFFICE))
    _step("1/5 装载随程序附带的国家法律")
    if not desk.catalogue.laws():
        adding.laws(desk, None, as_json=False)
    else:
        say("已经装载。")
    _step("2/5 添加示例案卷与三份先例")
    with as_file(files("eval") / "samples") as samples:
        adding.add(desk, [samples / CASE], CASE, None, OFFICE, as_json=False)
        adding.add(desk, [samples / "先例"], None, None, None, as_json=False)
    _step("3/5 补全语义索引（示例案卷与常用法律；其余法律按词检索）")
    adding.index(desk, None, None, first=True, rebuild=False, as_json=False)
    _step(f"4/5 提问：{QUESTION}")
    asking.ask(desk, QUESTION, CASE, None, None, None, as_json=False)
    _step(f"5/5 起草致{ADDRESSEE}的社会治理检察建议书")
    return _draft(desk, folder, began)


def _draft(desk: Desk, folder: Path, began: float) -> int:
    out = folder / "检察建议书.docx"
    drafting.suggestion(desk, CASE, ADDRESSEE, "governance", None, out, as_json=False)
    desk.close()
    show(f"\n完成，用时 {time.monotonic() - began:.0f} 秒。文书在 {out}，数据在 {folder / 'home'}。")
    show(f"接着可以试：gongzhi ask 你的问题 --case {CASE} --home {folder / 'home'}")
    return 0


def _step(text: str) -> None:
    show(f"\n== {text}")
