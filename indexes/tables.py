"""The tables of the catalogue, in SQLAlchemy Core."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
)

metadata = MetaData()

documents = Table(
    "documents",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("path", Text, nullable=False),
    Column("kind", String(16), nullable=False),
    Column("subtype", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("case_id", Text),
    Column("office", Text),
    Column("added_at", String(32), nullable=False),
    Column("text", Text, nullable=False),
    # what readers found beside the text, as JSON: blocks, fields, changes, hidden, notes
    Column("details", Text, nullable=False),
    Index("documents_case", "case_id"),
    Index("documents_kind", "kind"),
)

# A text that is searched, once per kind however many passages hold it: the unit of words and vectors.
texts = Table(
    "texts",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("hash", String(32), nullable=False),
    Column("kind", String(16), nullable=False),
    Column("words", Integer, nullable=False, default=0),
    Column("vector", Integer, nullable=False, default=0),
    # texts of a lower rank are embedded first (cases, then the laws that scenarios name, then the rest)
    Column("rank", Integer, nullable=False, default=0),
    UniqueConstraint("hash", "kind"),
    # partial-like indexes: what is still to do is small once the home is filled
    Index("texts_words", "words"),
    Index("texts_vector", "vector", "rank"),
    sqlite_autoincrement=True,  # an id is never given twice: a late removal cannot hit another text
)

passages = Table(
    "passages",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("document_id", String(64), ForeignKey("documents.id", ondelete="CASCADE"), nullable=False),
    Column("start", Integer, nullable=False),
    Column("end", Integer, nullable=False),
    Column("headings", Text, nullable=False),
    Column("article", Text),
    Column("confidence", Float),  # of text that was recognised from a picture
    Column("text", Text, nullable=False),
    Column("text_id", Integer, ForeignKey("texts.id"), nullable=False),
    Index("passages_document", "document_id", "article"),
    Index("passages_text", "text_id"),
)

laws = Table(
    "laws",
    metadata,
    Column("document_id", String(64), ForeignKey("documents.id", ondelete="CASCADE"), primary_key=True),
    Column("name", Text, nullable=False),
    Column("version", String(10)),
    Column("promulgated", String(10)),
    Column("in_force_from", String(10)),
    Column("in_force_to", String(10)),
    Column("basis", Text, nullable=False, default=""),
    Column("level", Text, nullable=False, default=""),
    Column("issuer", Text, nullable=False, default=""),
    Column("source", Text, nullable=False, default=""),
    Column("says", Text, nullable=False, default=""),
    Index("laws_name", "name"),
)

# What is kept of each document that is no law, to know its text again (`ingestion/duplicates.py`).
sketches = Table(
    "sketches",
    metadata,
    # in the order of adding: of two alike, the lower one was there first
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("document_id", String(64), ForeignKey("documents.id", ondelete="CASCADE"), nullable=False, unique=True),
    Column("hash", String(32), nullable=False),
    Column("signature", LargeBinary, nullable=False),
    Index("sketches_hash", "hash"),
    sqlite_autoincrement=True,
)

# Texts that share a band may be alike; others are not looked at.
bands = Table(
    "bands",
    metadata,
    Column("band", BigInteger, primary_key=True),
    Column("sketch_id", Integer, ForeignKey("sketches.id", ondelete="CASCADE"), primary_key=True),
    Index("bands_sketch", "sketch_id"),
    sqlite_with_rowid=False,
)

# A document and one that was there before it and is like it: `how` is text (the same) or near.
links = Table(
    "links",
    metadata,
    Column("later", String(64), ForeignKey("documents.id", ondelete="CASCADE"), primary_key=True),
    Column("earlier", String(64), ForeignKey("documents.id", ondelete="CASCADE"), primary_key=True),
    Column("how", String(8), nullable=False),
    Column("likeness", Float, nullable=False),
    Index("links_earlier", "earlier"),
    sqlite_with_rowid=False,
)

# A judgment or letter that was read as a precedent (`ingestion/precedent.py`): the spans of its facts, as JSON;
# none where it is no precedent.
precedents = Table(
    "precedents",
    metadata,
    Column("document_id", String(64), ForeignKey("documents.id", ondelete="CASCADE"), primary_key=True),
    Column("facts", Text, nullable=False),
    sqlite_with_rowid=False,
)

# An article that a precedent applies, and where it says so; `law_key` is what spellings of the law's name share.
applied = Table(
    "applied",
    metadata,
    Column("document_id", String(64), ForeignKey("documents.id", ondelete="CASCADE"), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("law", Text, nullable=False),
    Column("law_key", Text, nullable=False),
    Column("article", Text, nullable=False),
    Column("paragraph", Integer, nullable=False),
    Column("item", Integer, nullable=False),
    Column("start", Integer, nullable=False),
    Column("end", Integer, nullable=False),
    Index("applied_law", "law_key", "article"),
    sqlite_with_rowid=False,
)

settings = Table(
    "settings",
    metadata,
    Column("name", String(64), primary_key=True),
    Column("value", Text, nullable=False),
)

# The store of vectors is a database of its own: large, and rebuilt from the catalogue at need.
vector_metadata = MetaData()

vectors = Table(
    "vectors",
    vector_metadata,
    Column("hash", String(32), primary_key=True),
    Column("embedder", String(96), primary_key=True),
    Column("vector", LargeBinary, nullable=False),
    sqlite_with_rowid=False,
)

# The graph of citations is a database of its own: rebuilt from the catalogue at need.
graph_metadata = MetaData()

# Which documents were read for citations, and what laws there were then (`names` of a law's text stay).
read_for_citations = Table(
    "read",
    graph_metadata,
    Column("document_id", String(64), primary_key=True),
    Column("law", Text, nullable=False),  # the key of its name where the document is the text of a law
    Column("stamp", Text, nullable=False),
    sqlite_with_rowid=False,
)

# A citation: `within` is the article of a law's text that cites; `law` the key of the cited law's name.
cites = Table(
    "cites",
    graph_metadata,
    Column("document_id", String(64), nullable=False),
    Column("within", Text, nullable=False),
    Column("start", Integer, nullable=False),
    Column("end", Integer, nullable=False),
    Column("law", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("article", Text, nullable=False),
    Index("cites_law", "law", "article"),
    Index("cites_document", "document_id"),
)

# What a law's text says that it rests on ("根据《…》制定") or explains ("关于适用《…》的解释").
bases = Table(
    "bases",
    graph_metadata,
    Column("document_id", String(64), nullable=False),
    Column("law", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("how", String(16), nullable=False),
    Index("bases_law", "law"),
    Index("bases_document", "document_id"),
)
