"""The catalogue as it begins: documents, texts, passages, laws, settings."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make the five tables."""
    op.create_table(
        "documents",
        sa.Column("id", sa.String(64), primary_key=True),
        sa.Column("path", sa.Text, nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("subtype", sa.Text, nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("case_id", sa.Text),
        sa.Column("office", sa.Text),
        sa.Column("added_at", sa.String(32), nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("details", sa.Text, nullable=False),
    )
    op.create_index("documents_case", "documents", ["case_id"])
    op.create_index("documents_kind", "documents", ["kind"])
    op.create_table(
        "texts",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("hash", sa.String(32), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("words", sa.Integer, nullable=False),
        sa.Column("vector", sa.Integer, nullable=False),
        sa.Column("rank", sa.Integer, nullable=False),
        sa.UniqueConstraint("hash", "kind"),
        sqlite_autoincrement=True,
    )
    op.create_index("texts_words", "texts", ["words"])
    op.create_index("texts_vector", "texts", ["vector", "rank"])
    _passages()
    _laws_and_settings()


def _passages() -> None:
    op.create_table(
        "passages",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column(
            "document_id", sa.String(64), sa.ForeignKey("documents.id", ondelete="CASCADE"), nullable=False
        ),
        sa.Column("start", sa.Integer, nullable=False),
        sa.Column("end", sa.Integer, nullable=False),
        sa.Column("headings", sa.Text, nullable=False),
        sa.Column("article", sa.Text),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("text_id", sa.Integer, sa.ForeignKey("texts.id"), nullable=False),
    )
    op.create_index("passages_document", "passages", ["document_id", "article"])
    op.create_index("passages_text", "passages", ["text_id"])


def _laws_and_settings() -> None:
    op.create_table(
        "laws",
        sa.Column(
            "document_id", sa.String(64), sa.ForeignKey("documents.id", ondelete="CASCADE"), primary_key=True
        ),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("version", sa.String(10)),
        sa.Column("promulgated", sa.String(10)),
        sa.Column("in_force_from", sa.String(10)),
        sa.Column("in_force_to", sa.String(10)),
        sa.Column("basis", sa.Text, nullable=False),
        sa.Column("level", sa.Text, nullable=False),
        sa.Column("issuer", sa.Text, nullable=False),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("says", sa.Text, nullable=False),
    )
    op.create_index("laws_name", "laws", ["name"])
    op.create_table(
        "settings",
        sa.Column("name", sa.String(64), primary_key=True),
        sa.Column("value", sa.Text, nullable=False),
    )
