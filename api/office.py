"""The office: what HTTP and the workbench share, one for each process, safe to call from many threads."""

from __future__ import annotations

import json
import threading
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Self

from api import drafting, drafts, finding, flagging, hearings, lawreading, uploads
from api.drafts import DraftRecord
from api.filling import Filling, Progress
from api.lawdiff import LawDiff, law_diff
from api.lawreading import LawText
from assistant.answer import answer, answer_events
from assistant.citing import CheckedCitation, check_citations
from assistant.desk import Desk
from assistant.errors import BadRequest, NotThere
from assistant.hearing import HearingSummary, summarise_hearing
from assistant.issues import Finding
from assistant.precedents import FoundLetters
from assistant.reply import Answer, LetterType
from assistant.similar import Similar, similar
from indexes.build import AddReport, Failure, add_files
from indexes.bycase import Reasoned
from indexes.hit import Hit, LawStatus
from indexes.index import By, Scope
from indexes.library import LawVersion
from indexes.rows import Entry
from ingestion.document import Document, Kind
from ingestion.views import marked, original

LONGEST_CASE = 64  # characters of a case's name
_CHEAP = ("catalogue", "keywords", "store", "lawbook", "index", "precedents", "letters", "finder", "writer")  # parts of the desk
_COSTLY = ("vectors", "embedder")  # parts of the desk and of its index
_CASES = "cases"  # the catalogue's setting with the cases that were created by name


@dataclass(frozen=True)
class Case:
    """A case: how many documents it has, and how many of them are in each state of reading.

    `states` counts `read`, `searchable` (by words) and `complete` (by meaning too). A case that was created
    and has no document yet is there, too. `changed_at` is when it was created or last added to (ISO).
    """

    name: str
    documents: int
    states: Mapping[str, int]
    changed_at: str


class Office:
    """Uploads, questions, letters over one desk. `start` begins to fill the index, `close` ends it.

    Several offices on one home folder do no harm: one of them fills, the others wait.
    """

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self._adding = threading.Lock()
        self._opening = threading.Lock()
        self._opened = False
        for part in _CHEAP:  # by one thread: of two that open a cached property at once, each may get its own
            getattr(desk, part)
        self.filling = Filling(desk, self._open_parts)

    def start(self) -> Self:
        """Begin to fill words and vectors in the background; what a kill left of uploads is tidied away."""
        with self._adding:
            uploads.tidy(self.desk.home / "uploads", self.desk.catalogue.known())
        self.filling.start()
        return self

    def close(self) -> None:
        """Stop filling and give the desk's parts back; nothing that was said to be kept is lost."""
        self.filling.close()
        self.desk.close()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.close()

    def progress(self) -> Progress:
        """How far reading has come, over all documents and laws."""
        return self.filling.progress()

    # -- documents ---------------------------------------------------------------------------------

    def add_upload(
        self,
        name: str,
        data: uploads.Data,
        case: str | None = None,
        kind: Kind | None = None,
        office: str | None = None,
    ) -> AddReport:
        """Keep one file under `uploads/<document id>/` and add it, findable by words at once.

        The report holds the file under its safe name: added, already there, or failed with cause and advice;
        of a file that was not added no copy stays. Raises BadRequest for an impossible name of a case, and
        StoreError where the home folder cannot be written.
        """
        case = None if case is None else case_name(case)
        shown = uploads.safe_name(name)
        folder, limit = self.desk.home / "uploads", self.desk.settings.upload_mb
        try:
            partial, identity = uploads.receive(folder, data, limit << 20)
        except uploads.TooLarge:
            failure = Failure(shown, f"文件超过 {limit} MB", "请拆成几个文件再上传，或请管理员调大设置 upload_mb")
            return AddReport(failed=[failure])
        try:
            with self._adding:
                report = self._add_received(partial, identity, shown, case, kind, office)
        finally:
            partial.unlink(missing_ok=True)
        self.filling.words()
        return report

    def add_uploads(
        self,
        given: Iterable[tuple[str, uploads.Data]],
        case: str | None = None,
        kind: Kind | None = None,
        office: str | None = None,
    ) -> AddReport:
        """Add several files (name, data), as `add_upload` adds one; what fails costs the others nothing."""
        whole = AddReport()
        for name, data in given:
            report = self.add_upload(name, data, case, kind, office)
            whole.added += report.added
            whole.already += report.already
            whole.failed += report.failed
        return whole

    def _add_received(
        self, partial: Path, identity: str, shown: str, case: str | None, kind: Kind | None, office: str | None
    ) -> AddReport:
        catalogue, folder = self.desk.catalogue, partial.parent
        if catalogue.has(identity):
            return AddReport(already=[(identity, shown)])
        try:
            path = uploads.place(partial, identity, shown)
            report = add_files(catalogue, [path], case=case, kind=kind, office=office)
        finally:
            if not catalogue.has(identity):
                uploads.forget(folder, identity)
        kept = len(str(path))  # a member of a container is told behind it: 卷宗.zip!/起诉书.docx
        return AddReport(
            added=[replace(one, path=shown + one.path[kept:]) for one in report.added],
            already=[(known, shown + where[kept:]) for known, where in report.already],
            failed=[replace(one, path=shown + one.path[kept:]) for one in report.failed],
        )

    def remove(self, document_id: str) -> str:
        """Forget a document at once, and its kept copy; its full id. Raises NotThere."""
        with self._adding:
            removed, _ = self.desk.catalogue.remove([document_id])
            if not removed:
                raise _no_document(document_id)
            for folder in ("uploads", "hearings"):  # its copy, and the summary that was made of it
                uploads.forget(self.desk.home / folder, removed[0])
        self.filling.removed()
        return removed[0]

    def documents(self, case: str | None = None, kind: Kind | None = None) -> list[Entry]:
        """The documents, newest last; laws only where they are asked for by kind."""
        return self.desk.catalogue.entries(case=case, kind=kind, laws_too=kind == "regulation")

    def document(self, document_id: str, view: str = "final") -> Document:
        """A document by its id (or a unique beginning of it), in the view `final`, `original` or `marked`.

        Raises NotThere.
        """
        found = self.desk.catalogue.document(document_id)
        if found is None:
            raise _no_document(document_id)
        return {"original": original, "marked": marked}.get(view, _as_it_is)(found)

    def kept_copy(self, document_id: str) -> Path:
        """The file as it was uploaded; raises NotThere, also for a document that came by another way."""
        found = self.document(document_id)
        folder = self.desk.home / "uploads" / found.id
        for path in folder.iterdir() if folder.is_dir() else ():
            return path
        raise NotThere(f"《{found.title}》不是经本服务上传的，没有留存原件。请到原来的位置打开。")

    # -- cases -------------------------------------------------------------------------------------

    def cases(self) -> list[Case]:
        """All cases, the one that changed last first."""
        by_name: dict[str, list[Entry]] = {}
        for entry in self.documents():
            if entry.case is not None:
                by_name.setdefault(entry.case, []).append(entry)
        created = self._created()
        found = [
            Case(
                name,
                len(entries := by_name.get(name, [])),
                Counter(entry.state for entry in entries),
                max([created.get(name, ""), *(entry.added_at for entry in entries)]),
            )
            for name in {**created, **by_name}
        ]
        return sorted(found, key=lambda case: case.changed_at, reverse=True)

    def case(self, name: str) -> Case:
        """One case; raises NotThere."""
        for one in self.cases():
            if one.name == name:
                return one
        raise _no_case(name)

    def create_case(self, name: str) -> Case:
        """Create a case that has no document yet; one that is there stays as it is. Raises BadRequest."""
        name = case_name(name)
        with self._adding:
            created = self._created()
            if name not in created:
                created[name] = datetime.now(UTC).isoformat(timespec="microseconds")
                self.desk.catalogue.put(_CASES, json.dumps(created, ensure_ascii=False))
        return self.case(name)

    def remove_case(self, name: str) -> None:
        """Forget a case that has no document; raises NotThere, and BadRequest while it has some."""
        if count := self.case(name).documents:
            raise BadRequest(f"案件 {name} 里还有 {count} 份材料。请先移除这些材料，再删除案件。")
        with self._adding:
            created = self._created()
            created.pop(name, None)
            self.desk.catalogue.put(_CASES, json.dumps(created, ensure_ascii=False))

    def _created(self) -> dict[str, str]:
        """The cases that were created by name, with when."""
        known: dict[str, str] = json.loads(self.desk.catalogue.get(_CASES) or "{}")
        return known

    def know_case(self, name: str | None) -> None:
        """Raise NotThere for the name of a case that is not there; None stands for all documents."""
        if name is None or self.desk.catalogue.case_text_ids(name) or name in self._created():
            return
        if not self.documents(case=name):  # a document without any text
            raise _no_case(name)

    # -- verbs -------------------------------------------------------------------------------------

    def search(self, query: str, k: int = 10, *, scope: Scope | None = None, by: By = "both") -> list[Hit]:
        """The best `k` hits, best first; raises NotThere for an unknown case."""
        return [one.hit for one in self.reasoned(query, k, scope=scope or Scope(), by=by)]

    def reasoned(self, query: str, k: int = 10, *, scope: Scope, by: By = "both") -> list[Reasoned]:
        """As `search`, each article that precedents led to with the reason."""
        self.know_case(scope.case)
        if by != "words":
            self._open_for_meaning()
        return self.desk.finder.reasoned(query, k, scope=scope, by=by)

    def precedents(self, query: str, k: int = 10, where: Mapping[str, str] | None = None) -> FoundLetters:
        """Suggestion letters by meaning, with problem, measures and reply; narrowed to values of facets."""
        self._open_for_meaning()
        return finding.letters(self.desk, query, k, where or {})

    def similar(self, document_id: str, k: int = 10) -> Similar:
        """What is like a document; raises NotThere."""
        return similar(self.document(document_id), self.desk.catalogue, self.desk.precedents, k)

    def ask(self, question: str, *, case: str | None = None, as_of: date | None = None) -> Answer:
        """The answer to a question, each sentence with what it rests on; raises NotThere for an unknown case."""
        self.know_case(case)
        self._open_for_meaning()
        desk = self.desk
        return answer(
            question, desk.index, desk.writer, case=case, as_of=as_of, text_of=desk.catalogue.text_of
        )

    def ask_in_pieces(
        self, question: str, *, case: str | None = None, as_of: date | None = None
    ) -> Iterator[str | Answer]:
        """The answer as it is written: verified pieces of text, then the Answer, whose text is what counts."""
        self.know_case(case)
        self._open_for_meaning()
        desk = self.desk
        yield from answer_events(
            question, desk.index, desk.writer, case=case, as_of=as_of, text_of=desk.catalogue.text_of
        )

    def issues(
        self, *, case: str | None = None, document_id: str | None = None, on: date | None = None
    ) -> tuple[Finding, ...]:
        """The governance issues behind a case or one document, law as of a day (today if None).

        Raises NotThere, and BadRequest unless exactly one of both is given.
        """
        if (case is None) == (document_id is None):
            raise BadRequest("请写案件编号或文件 id，二者选一。")
        papers = [self.document(document_id)] if document_id is not None else self._papers(str(case))
        with self._opening:
            _ = self.desk.judge  # learnt once; it opens the embedder
        return flagging.findings(self.desk, papers, on or date.today())

    def cite(self, text: str | None, document_id: str | None, on: date | None) -> tuple[CheckedCitation, ...]:
        """The citations of law in a text or a document, each checked on a day (today if None).

        Raises NotThere, and BadRequest unless exactly one of both is given.
        """
        if (text is None) == (document_id is None):
            raise BadRequest("请写 text 或 document_id，二者选一。")
        words = self.document(document_id).text if document_id is not None else text
        return check_citations(words or "", self.desk.lawbook, on or date.today())

    def hearing(self, document_id: str) -> HearingSummary:
        """The summary of a hearing record; raises NotThere, BadRequest for a document in which nobody speaks."""
        return summarise_hearing(self.document(document_id))

    def hearing_paper(self, document_id: str) -> Path:
        """The summary as .docx, written anew, its table of evidence beside it; raises as `hearing` does."""
        document = self.document(document_id)
        folder = self.desk.home / "hearings" / document.id
        summary = summarise_hearing(document)
        with self._adding:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            hearings.write(summary, document, folder / "听证情况摘要.docx")
        return folder / "听证情况摘要.docx"

    def hearing_annex(self, document_id: str) -> Path:
        """The table of evidence of the summary, as .docx; raises as `hearing` does."""
        return hearings.annex_path(self.hearing_paper(document_id))

    def _papers(self, case: str) -> list[Document]:
        self.know_case(case)
        given = [self.desk.catalogue.document(entry.id) for entry in self.documents(case=case)]
        return [one for one in given if one is not None]

    def draft(
        self,
        case: str,
        to: str,
        letter_type: LetterType = "governance",
        on: date | None = None,
        polished: bool = False,
    ) -> DraftRecord:
        """Draft a letter to a unit and keep it with its .docx and its annex of evidence.

        Raises NotThere for an unknown case, BadRequest for one without documents, a letter to nobody, and for
        `polished` where no model is set.
        """
        self._fit_to_draft(case, to)
        self._open_for_meaning()
        place = drafts.new_place(self._drafts)
        try:
            made = drafting.make(self.desk, case, to, letter_type, on, place.letter, polished)
            record = drafts.keep(place, case, made)
        finally:
            if not (place.folder / drafts.FACTS).is_file():
                drafts.give_up(place)
        return record

    def _fit_to_draft(self, case: str, to: str) -> None:
        self.know_case(case)
        if not to.strip():
            raise BadRequest("请写明被建议单位的全称。")
        if not self.documents(case=case):
            raise BadRequest(f"案件 {case} 还没有材料。请先上传判决书、调查核实材料等，再起草。")

    def drafts(self, case: str | None = None) -> list[DraftRecord]:
        """The kept drafts, newest first."""
        return drafts.kept(self._drafts, case)

    def read_draft(self, draft_id: str) -> DraftRecord:
        """A kept draft; raises NotThere."""
        return drafts.read(self._drafts, draft_id)

    def remove_draft(self, draft_id: str) -> None:
        """Remove a kept draft and its files; raises NotThere."""
        drafts.remove(self._drafts, draft_id)

    @property
    def _drafts(self) -> Path:
        return self.desk.home / "drafts"

    # -- law ---------------------------------------------------------------------------------------

    def law(self, name: str, article: str | None = None, on: date | None = None) -> LawText:
        """The law of this name on a day (today if None), whole or one article; raises NotThere."""
        return lawreading.read_law(self.desk, name, article, on or date.today())

    def law_versions(self, name: str, on: date | None = None) -> list[tuple[LawVersion, LawStatus]]:
        """All texts of a law, old ones first, each with what it is worth on a day; raises NotThere."""
        return lawreading.law_versions(self.desk, name, on or date.today())

    def law_diff(self, name: str, first: date, second: date) -> LawDiff:
        """The texts of this law on two days, article by article; raises NotThere."""
        return law_diff(self.desk, name, first, second)

    # -- parts -------------------------------------------------------------------------------------

    def _open_for_meaning(self) -> None:
        """Open what search by meaning needs, if there are vectors at all."""
        if not self._opened and self.desk.catalogue.get("embedder") is not None:
            self._open_parts()

    def _open_parts(self) -> None:
        """Open vectors and embedder once, whichever thread needs them first; the others wait for it."""
        with self._opening:
            if self._opened:
                return
            for part in _COSTLY:
                getattr(self.desk, part)
                getattr(self.desk.index, part)
            self.desk.index.search("检察建议", 1)  # what loads with the first search loads now
            self._opened = True


def case_name(name: str) -> str:
    """The name of a case as it is kept; raises BadRequest for one that cannot be."""
    plain = name.strip()
    if not plain or len(plain) > LONGEST_CASE or not plain.isprintable():
        raise BadRequest(f"案件编号不能为空，不能超过 {LONGEST_CASE} 个字，也不能含有换行等控制字符。请改写后再试。")
    return plain


def _as_it_is(document: Document) -> Document:
    return document


def _no_case(name: str) -> NotThere:
    return NotThere(f"没有案件 {name[:LONGEST_CASE]}。请检查编号，或先新建案件并上传材料。")


def _no_document(document_id: str) -> NotThere:
    return NotThere(f"没有 id 为 {document_id[:64]} 的文件。请从文件列表中选择。")


__all__ = ["Case", "DraftRecord", "Office", "Progress", "case_name"]
