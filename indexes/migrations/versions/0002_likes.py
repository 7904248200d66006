"""Which documents are alike (sketches of what is there are made at the next add), and how sure recognised text is."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Make the three tables and the column."""
    op.add_column("passages", sa.Column("confidence", sa.Float))
    op.create_table(
        "sketches",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("document_id", sa.String(64), _document(), nullable=False, unique=True),
        sa.Column("hash", sa.String(32), nullable=False),
        sa.Column("signature", sa.LargeBinary, nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_index("sketches_hash", "sketches", ["hash"])
    op.create_table(
        "bands",
        sa.Column("band", sa.BigInteger, primary_key=True),
        sa.Column("sketch_id", sa.Integer, sa.ForeignKey("sketches.id", ondelete="CASCADE"), primary_key=True),
        sqlite_with_rowid=False,
    )
    op.create_index("bands_sketch", "bands", ["sketch_id"])
    op.create_table(
        "links",
        sa.Column("later", sa.String(64), _document(), primary_key=True),
        sa.Column("earlier", sa.String(64), _document(), primary_key=True),
        sa.Column("how", sa.String(8), nullable=False),
        sa.Column("likeness", sa.Float, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_index("links_earlier", "links", ["earlier"])


def _document() -> sa.ForeignKey:
    return sa.ForeignKey("documents.id", ondelete="CASCADE")
