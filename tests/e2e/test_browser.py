"""The whole way of a prosecutor in a real browser, over the service as `gongzhi serve` starts it."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from docx import Document as read_docx

from assistant.desk import open_desk
from assistant.settings import Settings
from eval.home import CASE, samples
from indexes.build import LawReport, add_statutes
from indexes.china_law import package_statutes

sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
CHROMIUM = shutil.which("chromium")
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(CHROMIUM is None, reason="chromium is not installed"),
]

ROOT = Path(__file__).resolve().parent.parent.parent
FLAGS = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
)
LAWS = {"中华人民共和国未成年人保护法", "中华人民共和国治安管理处罚法"}  # what the sample case turns on
TOKEN = "nur-zum-testen-0123"
MILLISECONDS = 150_000  # a busy machine; all waits end as soon as they can
HOSTILE = "<script>window.caught = 1</script><img src=x onerror='window.caught = 2'>\n# 不是标题 **不是粗体**\n"


@dataclass
class Watched:
    """A page, and all that it did that it should not have done."""

    page: Any
    at: str
    outside: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def watch(self) -> None:
        """Note each request that leaves the loopback, each error of the console, each answer that failed."""
        self.page.on("request", lambda one: None if self._own(one.url) else self.outside.append(one.url))
        self.page.on("websocket", lambda one: None if self._own(one.url) else self.outside.append(one.url))
        self.page.on("console", lambda one: self.errors.append(one.text) if one.type == "error" else None)
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.on(
            "response", lambda one: self.errors.append(f"{one.status} {one.url}") if one.status >= 400 else None
        )

    def _own(self, url: str) -> bool:
        return url.startswith((self.at, self.at.replace("http", "ws", 1), "data:", "blob:"))

    def to(self, name: str) -> None:
        """Go to a page by the rail."""
        self.page.get_by_role("navigation").get_by_role("link", name=name, exact=True).click()
        self.page.get_by_role("heading", name=name, level=1).wait_for()

    def opened(self) -> str:
        """The marked passage in the pane beside, once it is in view."""
        mark = self.page.locator("aside mark")
        mark.wait_for()
        sync_api.expect(mark).to_be_in_viewport()
        return str(mark.evaluate("one => one.textContent"))


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with the laws that the sample case turns on."""
    folder: Path = tmp_path_factory.mktemp("e2e") / "home"
    desk = open_desk(Settings(home=folder))
    add_statutes(desk.catalogue, (one for one in package_statutes() if one.name in LAWS), LawReport())
    desk.lawbook.settle()
    desk.close()
    return folder


def served(home: Path, **more: str) -> tuple[subprocess.Popen[str], str]:
    """`gongzhi serve` on a home and a free port; its process and its address."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("GONGZHI", "PYTEST"))}
    process = subprocess.Popen(
        [sys.executable, "-m", "api", "--home", str(home), "serve", "--port", "0"],
        cwd=ROOT,
        env={**kept, "PYTHONUNBUFFERED": "1", **more},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert process.stdout is not None
    said = ""
    for line in process.stdout:
        said += line
        if address := re.search(r"(http://127\.0\.0\.1:\d+)/", line):
            return process, address[1]
    raise AssertionError(f"the service did not start: {said}")


def ended(process: subprocess.Popen[str]) -> None:
    process.terminate()
    process.communicate(timeout=30)
    assert process.returncode == 0


@pytest.fixture(scope="module")
def address(home: Path) -> Iterator[str]:
    process, at = served(home)
    yield at
    ended(process)


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    sync_api.expect.set_options(timeout=MILLISECONDS)
    with sync_api.sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=FLAGS.split())
        yield browser
        browser.close()


@pytest.fixture
def watched(chromium: Any, address: str) -> Iterator[Watched]:
    """A tab of 1366 × 768, watched from its first request to its last."""
    context = chromium.new_context(viewport={"width": 1366, "height": 768}, locale="zh-CN")
    context.set_default_timeout(MILLISECONDS)
    one = Watched(context.new_page(), address)
    one.watch()
    one.page.goto(address)
    yield one
    context.close()
    assert one.outside == []
    assert one.errors == []


def text_of(word_file: Path) -> str:
    return "\n".join(paragraph.text for paragraph in read_docx(str(word_file)).paragraphs)


def downloaded(page: Any, name: str, folder: Path) -> str:
    with page.expect_download() as waiting:
        page.get_by_role("link", name=name).click()
    path = folder / "geladen.docx"
    waiting.value.save_as(path)
    return text_of(path)


def test_from_a_new_case_to_letter_hearing_and_issues(watched: Watched, tmp_path: Path):
    page = watched.page
    create_and_upload(page)
    ask_and_open(watched)
    draft_and_download(watched, tmp_path)
    hear(watched, tmp_path)
    look_for_issues(watched)
    the_pane_closes(page)


def create_and_upload(page: Any) -> None:
    page.get_by_label("新案件编号").fill(CASE)
    page.get_by_role("button", name="新建案件").click()
    page.get_by_text(f"案件 {CASE} 已就绪").wait_for()
    files = sorted((samples() / CASE).iterdir())
    page.set_input_files("input[type=file]", [str(path) for path in files])
    sync_api.expect(page.locator(".result.good")).to_have_count(len(files))
    sync_api.expect(page.locator("tbody tr")).to_have_count(len(files))
    broken = {"name": "坏文件.docx", "mimeType": "application/octet-stream", "buffer": b"PK\x03\x04"}
    page.set_input_files("input[type=file]", [broken])
    sync_api.expect(page.locator(".result.bad")).to_contain_text("坏文件.docx")
    page.set_input_files("input[type=file]", [str(files[0])])
    sync_api.expect(page.locator(".result.plain")).to_contain_text("已在库中")


def ask_and_open(watched: Watched) -> None:
    page = watched.page
    watched.to("问答")
    page.get_by_label("问题", exact=True).fill("旅馆接待未成年人入住应当询问什么？")
    page.keyboard.press("Enter")
    page.locator(".source").first.wait_for()
    sentences = page.locator(".sentence")
    assert sentences.count() >= 2
    for number in range(sentences.count()):
        sentences.nth(number).get_by_role("button").first.click()
        head = page.locator("aside h2").text_content()
        said = sentences.nth(number).locator("span").first.text_content()
        quote = re.fullmatch(r"《.*?》.*?[：:]“(?P<quote>.*)”", said, re.S)
        assert quote is not None, said
        sync_api.expect(page.locator("aside mark")).to_have_text(quote["quote"], use_inner_text=False)
        assert watched.opened() == quote["quote"]
        assert head
    assert page.locator(".chip.law").count() >= 1
    page.locator(".chip.law").first.click()
    sync_api.expect(page.locator("aside .badge.good")).to_have_text("现行有效")
    page.get_by_label("问题", exact=True).fill("该旅馆的消防验收合格证是哪一天颁发的？")
    page.get_by_role("button", name="提问").click()
    sync_api.expect(page.locator(".refusal")).to_contain_text("未找到依据")


def draft_and_download(watched: Watched, folder: Path) -> None:
    page = watched.page
    watched.to("起草")
    page.get_by_label("被建议单位（全称）").fill("临江市公安局望湖分局")
    page.get_by_role("button", name="起草", exact=True).click()
    page.locator(".letter").wait_for()
    sync_api.expect(page.locator(".letter .gap").first).to_contain_text("待补充")
    page.locator(".in-letter.supported").first.focus()
    page.keyboard.press("Enter")  # a sentence opens without a mouse, too
    assert watched.opened() in page.locator(".in-letter.supported").first.text_content()
    letter = downloaded(page, "下载建议书", folder)
    assert "临江市公安局望湖分局" in letter
    assert "检察建议书" in letter.replace(" ", "")
    assert read_docx(str(folder / "geladen.docx")).paragraphs
    downloaded(page, "下载证据附表", folder)
    page.get_by_role("button", name="全部草稿").click()
    sync_api.expect(page.locator(".draft-line")).to_have_count(1)


def hear(watched: Watched, folder: Path) -> None:
    page = watched.page
    watched.to("听证")
    page.get_by_role("heading", name="听证员意见").wait_for()
    sync_api.expect(page.locator(".tally")).to_contain_text("同意 4")
    sync_api.expect(page.locator(".opinion.dissent")).to_have_count(1)
    line = page.locator(".opinion.dissent .quote-link")
    line.click()
    assert watched.opened() == line.text_content()
    assert "听证" in downloaded(page, "下载听证情况摘要", folder)


def look_for_issues(watched: Watched) -> None:
    page = watched.page
    watched.to("问题线索")
    page.locator(".finding").first.wait_for()
    sync_api.expect(page.locator(".finding").first).to_contain_text("未成年人")
    sync_api.expect(page.locator(".finding").first).to_contain_text("个案，先调查")
    line = page.locator(".finding .quote-link").first
    line.click()
    assert "".join(watched.opened().split()) == "".join(line.text_content().split())


def the_pane_closes(page: Any) -> None:
    page.keyboard.press("Escape")
    sync_api.expect(page.locator("aside")).to_be_hidden()


def test_a_document_full_of_markup_is_shown_as_it_is(watched: Watched):
    page = watched.page
    page.get_by_label("新案件编号").fill("<b>怪案</b>")
    page.get_by_role("button", name="新建案件").click()
    page.get_by_text("案件 <b>怪案</b> 已就绪").wait_for()
    strange = {"name": "<i>怪</i>.txt", "mimeType": "text/plain", "buffer": HOSTILE.encode()}
    page.set_input_files("input[type=file]", [strange])
    page.locator("tbody tr").wait_for()
    page.locator("tbody .title").click()
    shown = page.locator("aside .document")
    shown.wait_for()
    assert shown.evaluate("one => one.textContent").strip() == HOSTILE.strip()
    watched.to("检索")
    page.get_by_role("tab", name="案卷").click()
    page.get_by_label("检索内容").fill("不是标题")
    page.keyboard.press("Enter")
    page.locator(".card .title").first.click()
    assert "<script>" in watched.opened()
    assert page.evaluate("window.caught") is None
    assert page.locator("main i:not(.q-icon), main b, aside i, aside img, aside script").count() == 0


def test_a_document_is_removed_only_after_a_question(watched: Watched):
    page = watched.page
    page.get_by_label("新案件编号").fill("删除案")
    page.get_by_role("button", name="新建案件").click()
    page.get_by_text("案件 删除案 已就绪").wait_for()
    page.set_input_files("input[type=file]", [{"name": "走访.txt", "mimeType": "text/plain", "buffer": "走访记录一份。".encode()}])
    row = page.locator("tbody tr")
    row.wait_for()
    page.get_by_role("button", name="移除《").click()
    page.get_by_role("dialog").get_by_role("button", name="取消").click()
    sync_api.expect(page.get_by_role("dialog")).to_be_hidden()
    assert row.count() == 1
    page.get_by_role("button", name="移除《").click()
    page.get_by_role("dialog").get_by_role("button", name="移除", exact=True).click()
    sync_api.expect(row).to_have_count(0)


def test_an_error_with_a_name_says_what_to_do(watched: Watched):
    page = watched.page
    page.get_by_role("button", name="新建案件").click()
    sync_api.expect(page.locator(".notice.bad")).to_contain_text("案件编号不能为空")


def test_with_a_token_the_browser_asks_for_it_once(chromium: Any, tmp_path: Path):
    process, at = served(tmp_path / "home", GONGZHI_TOKEN=TOKEN)
    try:
        stranger = chromium.new_context()
        assert stranger.request.get(at).status == 401
        stranger.close()
        known = chromium.new_context(http_credentials={"username": "", "password": TOKEN})
        page = known.new_page()
        page.goto(at)
        sync_api.expect(page.locator(".index-line")).to_have_text("尚无材料")  # came over the socket
        known.close()
    finally:
        ended(process)
