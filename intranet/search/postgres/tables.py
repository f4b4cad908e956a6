"""The index's tables, in a schema of their own for each building; no migration knows them.

They are disposable: a schema that is missing or old is built anew, so they are made where they are
filled. `STATE` names the schema in use. In statements `INDEX` stands for that schema.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Float,
    Integer,
    MetaData,
    SmallInteger,
    Table,
    Text,
    text,
)
from sqlalchemy.dialects.postgresql import TSVECTOR

from intranet.search import norwegian
from intranet.search.postgres.vectors import LABELS, STEPS

FORM = f"1/{norwegian.ANALYSIS_VERSION}"
INDEX = "index"
STATE_SCHEMA = "portal_search"
PREFIX = "portal_search_"

_state = MetaData(schema=STATE_SCHEMA)
_index = MetaData(schema=INDEX)

STATE = Table(
    "state",
    _state,
    Column("is_only", Boolean, primary_key=True, server_default=text("true")),
    Column("name", Text, nullable=False),
    Column("form", Text, nullable=False),
    # Raised with every commit: whoever has read an older one reads what is new since.
    Column("generation", BigInteger, nullable=False),
    Column("next_row", Integer, nullable=False),
    Column("is_damaged", Boolean, nullable=False),
)
# `doc` is the number of the document's first row: what is replaced gets new numbers.
ROWS = Table(
    "entry",
    _index,
    Column("row", Integer, nullable=False),
    Column("doc", Integer, nullable=False),
    Column("day", Integer, nullable=False),
    *(Column(name, Integer, nullable=False) for name in LABELS),
    Column("prior", Float(24), nullable=False),
    *(Column(f"{name}_length", Integer, nullable=False) for name in STEPS),
    Column("kind", SmallInteger, nullable=False),
    Column("key", Text, nullable=False),
    Column("words", TSVECTOR, nullable=False),
)
# The values of the numbers above; an audience's tokens stand with spaces between. 0 is none.
VALUES = Table(
    "label",
    _index,
    Column("label", Text, primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("value", Text, nullable=False),
)
# Rows that were taken out, so that others need not read everything again.
GONE = Table(
    "gone",
    _index,
    Column("generation", BigInteger, nullable=False, index=True),
    Column("row", Integer, nullable=False),
)
# How many rows hold each word of titles and names ("^") and each name of a document ("@").
TERMS = Table(
    "term",
    _index,
    Column("sign", Text, primary_key=True),
    Column("term", Text, primary_key=True),
    Column("holding", Integer, nullable=False),
    Column("generation", BigInteger, nullable=False, index=True),
)


def make_state(connection: object) -> None:
    """Make the table that names the index in use, unless it is there."""
    _state.create_all(connection)  # type: ignore[arg-type]


def make_index(connection: object) -> None:
    """Make the tables of one index in the schema that the connection has for `INDEX`."""
    _index.create_all(connection, checkfirst=False)  # type: ignore[arg-type]
