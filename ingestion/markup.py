"""Markup of others is parsed without what it may carry: no entities, no network, no trees without end."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

Node = Any  # an element of lxml, which ships no types

_ROOM = 400 * 1024 * 1024  # characters of one page of HTML


class MarkupError(ValueError):
    """The markup is broken, nested without end, or declares entities."""


def xml_root(data: bytes) -> Node:
    """Return the root of an XML file. Raises MarkupError: broken, or with a document type, which may explode.

    Files of an office have no use for a document type; without one there are no entities to expand.
    """
    from lxml import etree

    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise MarkupError(f"XML: {error}") from error
    if root is None or root.getroottree().docinfo.doctype:
        raise MarkupError("XML with a document type")
    return root


def html_root(text: str) -> Node | None:
    """Return the root of an HTML page as browsers build it, None where there is nothing in it.

    Raises MarkupError where the page is nested so deeply that the parser would leave the rest away.
    """
    from lxml import etree

    if len(text) > _ROOM:
        raise MarkupError("HTML without end")
    # HTML knows no entities of its own, so what huge_tree lets pass is only long text and deep nesting
    parser = etree.HTMLParser(
        encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True, huge_tree=True
    )
    try:
        root = etree.fromstring(text.encode("utf-8", "surrogatepass"), parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise MarkupError(f"HTML: {error}") from error
    if any(entry.type_name == "ERR_RESOURCE_LIMIT" for entry in parser.error_log):
        raise MarkupError("HTML nested without end")
    return root


def walk(root: Node) -> Iterator[tuple[str, Node]]:
    """Yield ("start", element) and ("end", element) in document order, whatever the depth of the tree."""
    from lxml import etree

    yield from etree.iterwalk(root, events=("start", "end"))


def local(node: Node) -> str:
    """Return the name of an element without its namespace: `TextObject` whatever the prefix or its address."""
    return node.tag.rpartition("}")[2] if isinstance(node.tag, str) else ""
