"""Precedents: what was read of each judgment and letter, and the articles it applies. Old papers are read at the next look."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Make the two tables."""
    op.create_table(
        "precedents",
        sa.Column("document_id", sa.String(64), _document(), primary_key=True),
        sa.Column("facts", sa.Text, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "applied",
        sa.Column("document_id", sa.String(64), _document(), primary_key=True),
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("law", sa.Text, nullable=False),
        sa.Column("law_key", sa.Text, nullable=False),
        sa.Column("article", sa.Text, nullable=False),
        sa.Column("paragraph", sa.Integer, nullable=False),
        sa.Column("item", sa.Integer, nullable=False),
        sa.Column("start", sa.Integer, nullable=False),
        sa.Column("end", sa.Integer, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_index("applied_law", "applied", ["law_key", "article"])


def _document() -> sa.ForeignKey:
    return sa.ForeignKey("documents.id", ondelete="CASCADE")
