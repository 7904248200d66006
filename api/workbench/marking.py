"""The text of a document as HTML that shows just this text: escaped, headings set apart, one span marked."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

MARK = "passage"  # the id of the marked passage on a page
Span = tuple[int, int]


def marked(text: str, span: Span | None = None, headings: Iterable[Span] = ()) -> str:
    """HTML whose text content is `text`, character by character, with `<mark>` around `text[span]`.

    Nothing of the text can become markup. Headings may overlap the marked span in any way: they are cut at
    its ends, so that the mark is one element. An empty or missing span marks nothing.
    """
    titles = [one for one in headings if one[0] < one[1]]
    if span is None or not 0 <= span[0] < span[1] <= len(text):
        return _titled(text, 0, len(text), titles)
    start, end = span
    before, inside, after = (
        _titled(text, first, last, titles) for first, last in ((0, start), (start, end), (end, len(text)))
    )
    return f'{before}<mark id="{MARK}">{inside}</mark>{after}'


def _titled(text: str, start: int, end: int, titles: Iterable[Span]) -> str:
    """The stretch, with what of the headings lies in it set apart."""
    made: list[str] = []
    at = start
    for first, last in sorted(titles):
        first, last = max(first, at), min(last, end)
        if first < last:
            made += [escape(text[at:first]), '<span class="title">', escape(text[first:last]), "</span>"]
            at = last
    return "".join([*made, escape(text[at:end])])
