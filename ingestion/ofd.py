"""An OFD file (GB/T 33190-2016) becomes a Reading: our own walk of its XML, every line with its page and box."""

from __future__ import annotations

import posixpath
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field

from ingestion.clean import Pen, strange_share
from ingestion.document import Block, Hidden, Reading
from ingestion.errors import UnreadableFile
from ingestion.lines import Page, Segment, in_reading_order, unsure_notes, write_pages
from ingestion.markup import MarkupError, Node, local, xml_root
from ingestion.ofdtext import Line, Matrix, lines_of, numbers, placed, times
from ingestion.pulse import at_page
from ingestion.word import open_package, read_part

POINTS = 72 / 25.4  # OFD counts in millimetres
_ADVICE = "请用 OFD 阅读器打开并另存或导出为 .pdf 再添加；打不开时请向来源重新索取"
_TINY = 2.0  # points
_MAX_PAGES = 20_000
_DEEPEST = 8  # levels of composite objects
_STRANGE = 0.05
_DEFAULT_BOX = (0.0, 0.0, 210.0, 297.0)  # millimetres: A4


def read_ofd(data: bytes, name: str) -> Reading:
    """Read the text of an OFD: a block for each paragraph and page, boxes in points from the upper left corner.

    Text of template pages stands with the page that uses it; headers and footers that repeat stand once at the
    end, page numbers go; what nobody sees is kept apart as Hidden. Raises UnreadableFile.
    """
    package = _open(data, name)
    pages: list[Page] = []
    for document in package.documents():
        for content, templates in document.pages():
            at_page(len(pages) + 1)
            pages.append(_page(document, content, templates, len(pages) + 1))
    if not pages:
        raise UnreadableFile(name, "OFD 里没有一页", _ADVICE)
    if not any(page.rows or page.seals or page.hidden for page in pages):
        raise UnreadableFile(name, "OFD 各页都没有读出文字", "请导出为 .pdf 或图片再添加，以便识别文字")
    pen = Pen()
    notes = write_pages(pen, pages)
    hidden = tuple(hidden for page in pages for hidden in page.hidden)
    return Reading(
        pen.text, tuple(pen.blocks), hidden=hidden, notes=(*notes, *_notes(package, pages, pen.blocks))
    )


def _notes(package: _Package, pages: list[Page], blocks: list[Block]) -> Iterator[str]:
    if any(page.hidden for page in pages):
        yield "含不可见文字，未作为正文"
    names = [part.lower() for part in package.archive.namelist()]
    if stamps := sum(part.endswith("/signedvalue.dat") for part in names):
        yield f"含电子签章 {stamps} 个，未验证"
    if attached := sum("/attachs/" in part and not part.endswith((".xml", "/")) for part in names):
        yield f"含附件 {attached} 个，未读"
    for page in pages:
        yield from page.notes
    yield from unsure_notes(blocks)


# --- the package -----------------------------------------------------------------------------------------


@dataclass
class _Package:
    """The parts of an OFD; places in it are absolute, or relative to the part that names them."""

    archive: zipfile.ZipFile
    name: str
    parts: dict[str, str]  # in lower case → as they are: makers do not agree on case

    def root(self, place: str) -> Node | None:
        """Return the root of a part, None where there is no such part; raises UnreadableFile."""
        part = self.parts.get(place.lower())
        try:
            data = None if part is None else read_part(self.archive, part, self.name)
            return None if data is None else xml_root(data)
        except (MarkupError, ValueError) as error:  # zipfile: a name that is no UTF-8, a place before the file
            raise UnreadableFile(self.name, f"OFD 损坏（{part} 不是完整的 XML）", _ADVICE) from error

    def documents(self) -> Iterator[_Document]:
        """Yield the documents in a package; there is one nearly always."""
        root = self.root("OFD.xml")
        for place in _texts(root, "DocRoot"):
            place = _joined("", place)
            document = self.root(place)
            if document is None:
                raise UnreadableFile(self.name, f"OFD 不完整（缺少 {place}）", _ADVICE)
            yield _Document(self, place, document)


def _open(data: bytes, name: str) -> _Package:
    try:
        archive = open_package(data, name)
        package = _Package(archive, name, {part.lower(): part for part in archive.namelist()})
        root = package.root("OFD.xml")
    except UnreadableFile as error:
        raise UnreadableFile(name, error.cause, _ADVICE) from error
    if root is None:
        raise UnreadableFile(name, "扩展名是 .ofd，内容却不是 OFD 文件", "请确认文件来源，或向来源重新索取")
    if "encryptions.xml" in package.parts:
        raise UnreadableFile(name, "OFD 已加密", "请在 OFD 阅读器里取消加密或导出为 .pdf 再添加")
    return package


def _joined(folder: str, place: str) -> str:
    place = place.strip().replace("\\", "/")
    whole = place if place.startswith("/") else posixpath.join(folder, place)
    return posixpath.normpath(whole).lstrip("/")


def _texts(root: Node | None, tag: str) -> list[str]:
    return [] if root is None else [node.text.strip() for node in root.iter() if local(node) == tag and node.text]


def _child(node: Node | None, tag: str) -> Node | None:
    return None if node is None else next((each for each in node if local(each) == tag), None)


@dataclass
class _Document:
    """A document of a package: its pages in order, its templates and what its resources define."""

    package: _Package
    place: str
    root: Node
    templates: dict[str, str] = field(default_factory=dict)
    resources: dict[str, Node] = field(default_factory=dict)
    media: dict[str, str] = field(default_factory=dict)  # pictures: id → place

    def __post_init__(self) -> None:
        common = _child(self.root, "CommonData")
        for node in () if common is None else common:
            if local(node) == "TemplatePage":
                self.templates[node.get("ID", "")] = self.at(node.get("BaseLoc", ""))
            elif local(node) in ("PublicRes", "DocumentRes") and node.text:
                self.take_resources(self.at(node.text))

    def at(self, place: str) -> str:
        """Return a place that this document names, from the root of the package."""
        return _joined(posixpath.dirname(self.place), place)

    def take_resources(self, place: str) -> None:
        """Remember draw parameters, composite units and pictures by their id."""
        root = self.package.root(place)
        if root is None:
            return
        folder = _joined(posixpath.dirname(place), root.get("BaseLoc", ""))
        for node in root.iter():
            if local(node) == "MultiMedia":
                self.media[node.get("ID", "")] = _joined(folder, "".join(_texts(node, "MediaFile")[:1]))
            if local(node) in ("DrawParam", "CompositeGraphicUnit"):
                self.resources.setdefault(node.get("ID", ""), node)

    def pages(self) -> Iterator[tuple[Node | None, list[Node]]]:
        """Yield the content of each page, None where it is missing, with the templates under it."""
        listed = _child(self.root, "Pages")
        nodes = [] if listed is None else [node for node in listed if local(node) == "Page"]
        if len(nodes) > _MAX_PAGES:
            raise UnreadableFile(self.package.name, f"OFD 超过 {_MAX_PAGES} 页", "请拆成几个文件再添加")
        for node in nodes:
            place = self.at(node.get("BaseLoc", ""))
            content = self.package.root(place)
            for resource in _texts(content, "PageRes"):
                self.take_resources(_joined(posixpath.dirname(place), resource))
            yield content, self._under(content)

    def _under(self, content: Node | None) -> list[Node]:
        """Return the template pages that a page names; parsed again each time, since few name many."""
        nodes = [] if content is None else [node for node in content if local(node) == "Template"]
        roots = (self.package.root(self.templates.get(node.get("TemplateID", ""), "")) for node in nodes)
        return [root for root in roots if root is not None]

    def size(self, content: Node) -> tuple[float, float, float, float]:
        """Return x, y, width and height of a page in millimetres."""
        common = _child(_child(self.root, "CommonData"), "PageArea")
        for area in (_child(content, "Area"), common):
            box = _child(area, "PhysicalBox")
            given = numbers("" if box is None else box.text or "")
            if len(given) == 4 and given[2] > 0 and given[3] > 0:
                return given[0], given[1], given[2], given[3]
        return _DEFAULT_BOX


# --- a page ----------------------------------------------------------------------------------------------


def _page(document: _Document, content: Node | None, templates: list[Node], number: int) -> Page:
    """Read one page; one that is nothing but a picture is recognised."""
    if content is None:
        return Page(number, 0, 0, notes=[f"第{number}页缺失，未读"])
    x, y, width, height = document.size(content)
    page = Page(number, width * POINTS, height * POINTS)
    shift: Matrix = (POINTS, 0.0, 0.0, POINTS, -x * POINTS, -y * POINTS)
    seen: list[Segment] = []
    roots = [*templates, content]
    picture = _picture(roots, width * height)
    layered = picture is not None and _is_layer(roots)
    for root in roots:
        grounds = _grounds(root)
        for node, matrix in _text_objects(document, root, shift, 0):
            why = "" if layered else _why_hidden(document, node, grounds)
            for line in lines_of(node, matrix):
                _sort_in(line, page, why, seen)
    page.rows, page.columns = in_reading_order(seen, page)
    if layered:
        page.notes.append(f"第{number}页的文字是扫描件的文字层，未与图像核对")
    elif picture is not None and not seen:
        _recognise(page, document, picture)
    if strange_share("".join(each.text for each in seen)) > _STRANGE:
        page.notes.append(f"第{number}页有文字没有可用的编码，未读全")
    return page


def _recognise(page: Page, document: _Document, picture: Node) -> None:
    """Recognise the picture of a page; one that cannot be opened is named in the notes."""
    from ingestion.image import opened
    from ingestion.scan import read_into

    package = document.package
    part = package.parts.get(document.media.get(picture.get("ResourceID", ""), "").lower())
    data = None if part is None else read_part(package.archive, part, package.name)
    try:
        first = next(opened(data, package.name)) if data else None
    except UnreadableFile:
        first = None
    if first is None:
        page.notes.append(f"第{page.number}页是图像，图像打不开，未读")
    else:
        read_into(page, first[0])


def _sort_in(line: Line, page: Page, why: str, seen: list[Segment]) -> None:
    """Put a line where it belongs: with what is seen or with what nobody sees."""
    segment = Segment(line.text.strip(), line.left, line.top, line.right, line.bottom)
    if not segment.text:
        return
    outside = line.right < 0 or line.bottom < 0 or line.left > page.width or line.top > page.height
    why = why or ("页面之外的文字" if outside else "小得看不见的文字" if line.size < _TINY else "")
    if why:
        page.hidden.append(Hidden(segment.text, f"第{page.number}页，{why}"))
    else:
        seen.append(segment)


def _text_objects(document: _Document, root: Node, matrix: Matrix, depth: int) -> Iterator[tuple[Node, Matrix]]:
    """Yield the text objects under a node in the order of the file, composite objects opened."""
    for node in root.iter():
        if local(node) == "TextObject":
            yield node, matrix
        elif local(node) == "CompositeObject" and depth < _DEEPEST:
            unit = document.resources.get(node.get("ResourceID", ""))
            if unit is not None:
                yield from _text_objects(document, unit, times(placed(node), matrix), depth + 1)


def _grounds(root: Node) -> list[list[float]]:
    """Return the boxes of images and filled areas, on which white text can be read."""
    found = []
    for node in root.iter():
        filled = local(node) == "PathObject" and node.get("Fill", "false").lower() in ("true", "1")
        if filled or local(node) == "ImageObject":
            found.append(numbers(node.get("Boundary", "")))
    return [box for box in found if len(box) == 4]


def _picture(roots: list[Node], area: float) -> Node | None:
    """Return the picture that fills most of a page, None where none does."""
    for root in roots:
        for node in root.iter():
            box = numbers(node.get("Boundary", "")) if local(node) == "ImageObject" else []
            if len(box) == 4 and box[2] * box[3] > 0.5 * area:
                return node
    return None


def _is_layer(roots: list[Node]) -> bool:
    """Whether all text of a page is unseen: under a picture, that is the text of a scan and no secret."""
    objects = [node for root in roots for node in root.iter() if local(node) == "TextObject"]
    return bool(objects) and all(_is_unseen(node) for node in objects)


def _is_unseen(node: Node) -> bool:
    unfilled = node.get("Fill", "true").lower() in ("false", "0")
    unstroked = node.get("Stroke", "false").lower() in ("false", "0")
    return node.get("Visible", "true").lower() in ("false", "0") or node.get("Alpha") == "0" or (unfilled and unstroked)


def _why_hidden(document: _Document, node: Node, grounds: list[list[float]]) -> str:
    """Return why nobody sees a text object, "" where it is seen."""
    if _is_unseen(node):
        return "不可见文字"
    colour = _child(node, "FillColor")
    if colour is None:
        colour = _child(document.resources.get(node.get("DrawParam", "")), "FillColor")
    if colour is None:
        return ""
    if colour.get("Alpha") == "0":
        return "不可见文字"
    value = numbers(colour.get("Value", ""))
    white = (len(value) == 3 and min(value) >= 250) or (len(value) == 4 and max(value) <= 5)
    return "白色文字" if white and not _lies_on(numbers(node.get("Boundary", "")), grounds) else ""


def _lies_on(box: list[float], grounds: list[list[float]]) -> bool:
    if len(box) != 4:
        return False
    x, y = box[0] + box[2] / 2, box[1] + box[3] / 2
    return any(left <= x <= left + width and top <= y <= top + height for left, top, width, height in grounds)
