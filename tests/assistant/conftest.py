"""A small home to ask, issue types to make up, and the sample case beside the national laws."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from assistant.answer import answer
from assistant.draft import Order, draft_suggestion, letter_aliases
from assistant.reply import Answer, Draft, LetterType
from assistant.writer import QuotingWriter
from indexes.build import LawReport, add_statutes
from indexes.catalogue import Catalogue
from indexes.china_law import package_statutes
from indexes.fill import fill_words
from indexes.index import Index
from indexes.keywords import Keywords
from indexes.lawbook import LawBook
from indexes.words import tokens
from ingestion.document import Document
from ingestion.read import read_document, to_document
from ingestion.statutes import read_statute
from prompts import IssueType

SAMPLES = Path(__file__).parents[2] / "eval" / "samples"
GOLD: dict[str, Any] = yaml.safe_load((SAMPLES / "gold.yaml").read_text(encoding="utf-8"))
LETTER_DAY = date(2026, 11, 25)


class Home:
    """A home that is searched by words alone."""

    def __init__(self, folder: Path, catalogue: Catalogue) -> None:
        self.catalogue = catalogue
        self.keywords = Keywords(folder / "words")
        self.lawbook = LawBook(catalogue)
        no_vectors = lambda: pytest.fail("nothing was embedded")  # noqa: E731
        self.index = Index(catalogue, self.keywords, self.lawbook, no_vectors, no_vectors, no_vectors)  # type: ignore[arg-type]
        self.writer = QuotingWriter(tokens, self.keywords.rarity)

    def load(self, *laws: tuple[str, str]) -> None:
        """Add laws: (text, file name)."""
        statutes = [read_statute(text, name, source="test") for text, name in laws]
        add_statutes(self.catalogue, statutes, LawReport())
        self.lawbook.settle()

    def ask(self, question: str, case: str | None = None, as_of: date = LETTER_DAY) -> Answer:
        """What `gongzhi ask` would answer."""
        fill_words(self.catalogue, self.keywords)
        return answer(
            question, self.index, self.writer, case=case, as_of=as_of, text_of=self.catalogue.text_of
        )


@pytest.fixture
def home(tmp_path: Path, catalogue: Catalogue) -> Iterator[Home]:
    opened = Home(tmp_path, catalogue)
    yield opened
    opened.keywords.close()


@pytest.fixture
def make_issue() -> Callable[..., IssueType]:
    """An issue type with these signals; its one problem is `gap`, its one unit the 公安机关."""

    def make(*signals: dict[str, Any], id_: str = "lodging", **more: Any) -> IssueType:
        article = "《中华人民共和国住宿法》第二条"
        return IssueType.model_validate({
            "id": id_, "number": 1, "name": "住宿未登记", "field": "住宿", "involved": "旅馆",
            "signals": [{"weight": 1.0, "shows": ["gap"], **signal} for signal in signals],
            "causes": [{"kind": "制度", "text": "没有制度"}],
            "units": [{"kind": "公安机关", "role": "regulator", "names": ["公安"], "why": "主管", "duties": [article]}],
            "duties": [{"article": article, "who": "旅馆", "demand": "登记"}],
            "problems": [
                {"id": "gap", "of": "involved", "statement": "住宿没有登记", "rule": [article], "consequence": "失管"}
            ],
            "measures": [
                {"answers": ["gap"], "actors": ["公安机关"], "action": "开展检查", "time": "一个月内", "deliverable": "台账"}
            ],
            "route": "社会治理检察建议", "art11_item": 4, "deadline": "reply-general", "inquiry": ["问"],
            "tag": "D", "source": "test", "date": "2026-11-25", **more,
        })  # fmt: skip

    return make


@pytest.fixture(scope="session")
def national(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LawBook]:
    """The law book over the national laws of the package."""
    catalogue = Catalogue(tmp_path_factory.mktemp("national") / "catalogue.sqlite")
    add_statutes(catalogue, package_statutes(), LawReport())
    lawbook = LawBook(catalogue)
    lawbook.settle()
    yield lawbook
    catalogue.close()


@pytest.fixture(scope="session")
def gold() -> dict[str, Any]:
    """What a careful reader finds in the sample case."""
    return GOLD


@pytest.fixture(scope="session")
def case_file() -> tuple[Document, ...]:
    """The documents of the sample case."""
    return tuple(read_document(path) for path in sorted((SAMPLES / GOLD["case"]["folder"]).iterdir()))


Drafted = Callable[..., Draft]


@pytest.fixture(scope="session")
def drafted(national: LawBook, case_file: tuple[Document, ...]) -> Drafted:
    """A letter to a unit from the sample case, or from other documents."""

    @lru_cache(maxsize=64)
    def draft(
        to: str,
        letter_type: LetterType = "governance",
        on: date = LETTER_DAY,
        documents: tuple[Document, ...] = case_file,
        lawbook: LawBook = national,
    ) -> Draft:
        order = Order(GOLD["case"]["id"], documents, to, letter_type, on, GOLD["case"]["office"])
        return draft_suggestion(order, lawbook, tokens, letter_aliases(order))

    return draft


@pytest.fixture
def paper() -> Callable[..., Document]:
    """A text read as a document of the case file."""

    def read(text: str, name: str = "调查核实报告.txt") -> Document:
        return to_document(text.encode(), name)

    return read


def texts_of(documents: Sequence[Document], lawbook: LawBook) -> Callable[[str], str]:
    """The canonical text of a document of the case, or of a law."""
    known = {document.id: document.text for document in documents}
    return lambda identity: known.get(identity) or lawbook.text(identity)


@pytest.fixture(scope="session")
def text_of(case_file: tuple[Document, ...], national: LawBook) -> Callable[[str], str]:
    return texts_of(case_file, national)
