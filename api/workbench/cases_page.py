"""The page 案件: create a case, upload its files, see how far each is read, open and remove them."""

from __future__ import annotations

import io
from functools import partial

from nicegui import events, ui

from api.workbench import labels
from api.workbench.parts import (
    Handler,
    Words,
    badge,
    box,
    busy,
    button,
    confirmed,
    empty,
    heading,
    off_loop,
    on_enter,
    tell,
    telling,
)
from api.workbench.tab import Tab
from indexes.build import AddReport
from indexes.rows import Entry

REFRESH_SECONDS = 3.0
FORMATS = ".docx .pdf .txt .md .xlsx .csv"
_NAMES_OF_REJECTED = "(all) => emit(all.filter(e => e.failedPropValidation !== 'duplicate').map(e => e.file.name))"
_NAMES_OF_FAILED = "(info) => emit(info.files.map(f => f.name))"
_HEADS = ("材料", "种类", "文书", "检索状态", "段落", "添加时间", "")


def cases_page(tab: Tab) -> None:
    """Everything about the files of the current case."""
    heading("案件", "新建案件，上传材料；材料读入后即可按词检索，语义索引在后台补全。")
    _create(tab)
    if tab.case is None:
        empty("还没有选定案件。", "在上面新建一个案件，或在右上角选择已有的案件。")
        return
    papers = _Papers(tab, tab.case)
    _upload(tab, tab.case, papers)
    papers.place()


def _create(tab: Tab) -> None:
    with box("bar"):
        name = ui.input("新案件编号", placeholder="例如 2026-0117").props("outlined dense").classes("field")

        async def create() -> None:
            client = ui.context.client  # the page that this button stands on is drawn anew
            with telling(), busy(made):
                case = await off_loop(tab.office.create_case, name.value or "")
                await tab.choose(case.name)
                with client:
                    tell(f"案件 {case.name} 已就绪，可以上传材料。", "good")

        on_enter(name, create)
        made = button("新建案件", create, "primary")


class _Papers:
    """The table of a case's documents; drawn anew while their reading goes on."""

    def __init__(self, tab: Tab, case: str) -> None:
        self._tab = tab
        self._case = case
        self._shown: list[tuple[Entry, int]] | None = None
        self._passages: dict[str, int] = {}  # a document never changes: its id comes from its bytes

    def place(self) -> None:
        """Put the table here."""
        self._place = box("papers")
        ui.timer(REFRESH_SECONDS, self.refresh)

    async def refresh(self) -> None:
        """Look at the catalogue, and draw the table anew if it changed."""
        with telling():
            found = await off_loop(self._look)
            if found != self._shown and not self._place.is_deleted:
                self._shown = found
                with self._place.clear():
                    self._draw(found)

    def _look(self) -> list[tuple[Entry, int]]:
        """The documents of the case, each with the number of its passages."""
        office = self._tab.office
        entries = office.documents(self._case)
        for one in entries:
            if one.id not in self._passages:
                self._passages[one.id] = len(office.desk.catalogue.passages(one.id))
        return [(one, self._passages[one.id]) for one in entries]

    def _draw(self, found: list[tuple[Entry, int]]) -> None:
        if not found:
            empty("这个案件还没有材料。", "把文件拖到上面的框里，或点“选择文件”。")
            return
        with box("table", "table"):
            with box("", "thead"), box("", "tr"):
                for head in _HEADS:
                    Words("th", head).props["scope"] = "col"
            with box("", "tbody"):
                for entry, passages in found:
                    self._row(entry, passages)

    def _row(self, entry: Entry, passages: int) -> None:
        state, tone = labels.STATES.get(entry.state, (entry.state, "plain"))
        with box("", "tr"):
            with box("", "td"):
                button(entry.title, partial(self._tab.beside.document, entry.id), "link title", f"打开《{entry.title}》")
                Words("div", entry.path.rsplit("/", 1)[-1], "file-name")
            Words("td", labels.KINDS[entry.kind])
            Words("td", entry.subtype or "—")
            with box("", "td"):
                badge(state, tone)
            Words("td", str(passages), "number")
            Words("td", labels.day_and_time(entry.added_at), "when")
            with box("", "td"):
                button("移除", partial(self._ask, entry), "quiet", f"移除《{entry.title}》")

    async def _ask(self, entry: Entry) -> None:
        text = f"移除《{entry.title}》后，它不再能被检索和引用，本服务留存的副本也会删除。已经写好的文书不受影响。"
        if not await confirmed("移除材料", text, "移除"):
            return
        with telling():
            await off_loop(self._tab.office.remove, entry.id)
            tell(f"已移除《{entry.title}》。", "good")
            self._tab.beside.close()
        await self.refresh()
        await self._tab.refresh_cases()


# -- upload --------------------------------------------------------------------------------------------


def _upload(tab: Tab, case: str, papers: _Papers) -> None:
    limit = tab.office.desk.settings.upload_mb

    async def take(event: events.UploadEventArguments) -> None:
        with telling():
            data = io.BytesIO(await event.file.read())
            report = await off_loop(tab.office.add_upload, event.file.name, data, case)
            if not results.is_deleted:  # the page was left meanwhile; the table will show it
                with results:
                    _report(report)
        await papers.refresh()
        await tab.refresh_cases()

    def refuse(cause: str, advice: str, event: events.GenericEventArguments) -> None:
        with results:
            for name in event.args:
                _result(str(name), f"未添加：{cause}。{advice}。", "bad")

    with box("drop-zone"):
        upload = _drop(limit, take, case)
    upload.on(
        "rejected",
        partial(refuse, f"文件超过 {limit} MB", "请拆成几个文件再上传，或请管理员调大设置 upload_mb"),
        js_handler=_NAMES_OF_REJECTED,
    )
    # the browser's part forgets what it has sent: the same file may be sent again, as after a removal
    sent = f"const all = getElement({upload.id}).$refs.qRef; all.removeUploadedFiles(); all.removeQueuedFiles()"
    upload.on("finish", js_handler=f"() => {{ {sent} }}")
    upload.on("failed", partial(refuse, "传输中断", "请检查网络后重传"), js_handler=_NAMES_OF_FAILED)
    results = box("results", "ul")
    results.props["aria-live"] = "polite"
    results.props["aria-label"] = "上传结果"


def _drop(limit: int, take: Handler, case: str) -> ui.upload:
    """Where files are dropped, and a button for those who do not drag."""
    upload = ui.upload(multiple=True, auto_upload=True, max_file_size=limit << 20, on_upload=take)
    upload.props(f'label="把文件拖到这里（可多选）：{FORMATS}" flat').classes("drop")
    choose = button("选择文件", lambda: None, "choose", f"选择文件，上传到案件 {case}")
    choose.on("click", js_handler="() => document.querySelector('.drop input[type=file]').click()")
    return upload


def _report(report: AddReport) -> None:
    for one in report.added:
        _result(one.path, f"已添加，{one.passages} 个段落可检索", "good")
    for _, name in report.already:
        _result(name, "已在库中，没有重复添加（同一份文件只保存一次）", "plain")
    for failed in report.failed:
        _result(failed.path, f"未添加：{failed.cause}。{failed.advice}。", "bad")


def _result(name: str, said: str, tone: labels.Tone) -> None:
    with box(f"result {tone}", "li"):
        Words("span", name, "result-name")
        Words("span", said, "result-said")
