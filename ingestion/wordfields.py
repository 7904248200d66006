"""Fields of a Word file: their instructions are no text, their results are, and a few show text without one."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from ingestion.pieces import written
from ingestion.styles import Node, W, switch, val
from ingestion.symbols import sign

SHOWN = "shown"  # set on the end mark of a field that shows text without a result

_MOST_BRACKETS = 60  # no formula that somebody wrote has more
_CIRCLED = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"
# \o\ac, \up 9, \* jc2, \* "Font:宋体"
_SWITCHES = re.compile(r'(?:\\(?:\*\s*(?:\w+|"[^"]*")|[A-Za-z]+\s*-?\d*)\s*)+')
_TEXT = (f"{W}t", f"{W}delText")
_INSTRUCTION = (f"{W}instrText", f"{W}delInstrText")


@dataclass
class _Field:
    """A field whose end has not come yet; `code` are the texts that stand inside its instruction."""

    begin: Node
    instruction: str = ""
    code: list[Node] = field(default_factory=list)
    in_result: bool = False
    has_result: bool = False


def settle_fields(root: Node) -> None:
    """Empty the texts inside the instructions of fields, and note at a field's end what it shows by itself.

    The result of a field inside another one's instruction (IF, nested merge fields) is seen by nobody. A field
    that never ends changes nothing: what stands behind its beginning is text.
    """
    stack: list[_Field] = []
    for node in root.iter(f"{W}fldChar", *_INSTRUCTION, *_TEXT, f"{W}sym"):
        if node.tag == f"{W}fldChar":
            _turn(stack, node)
        elif stack and node.tag in _INSTRUCTION:
            stack[-1].instruction += node.text or ""
        elif stack:
            stack[-1].has_result |= stack[-1].in_result and node.tag in (*_TEXT, f"{W}sym")
            outer = next((each for each in stack if not each.in_result), None)
            if outer is not None:
                outer.code.append(node)


def _turn(stack: list[_Field], node: Node) -> None:
    kind = node.get(f"{W}fldCharType")
    node.attrib.pop(SHOWN, None)
    if kind == "begin":
        stack.append(_Field(node))
    elif not stack:
        return
    elif kind == "separate":
        stack[-1].in_result = True
    elif kind == "end":
        done = stack.pop()
        for text in done.code:
            text.text = ""
            text.attrib.pop(f"{W}char", None)
        shown = "" if done.has_result or any(not each.in_result for each in stack) else _shown(done)
        if shown:
            node.set(SHOWN, shown)


def _shown(done: _Field) -> str:
    """Return the text that a field without a result shows."""
    words = done.instruction.split(None, 1)
    kind, rest = (words[0].upper(), words[-1]) if words else ("", "")
    if kind == "EQ":
        return overlay(rest)
    if kind == "SYMBOL":
        return _symbol(rest)
    data = done.begin.find(f"{W}ffData")
    if data is None:
        return ""
    box, choices = data.find(f"{W}checkBox"), data.find(f"{W}ddList")
    if box is not None:
        ticked = switch(box, "checked")
        return "☑" if (switch(box, "default") if ticked is None else ticked) else "□"
    return "" if choices is None else _chosen(choices)


def _chosen(choices: Node) -> str:
    entries = [entry.get(f"{W}val", "") for entry in choices.findall(f"{W}listEntry")]
    at = val(choices, "result") or val(choices, "default") or "0"
    return str(entries[int(at)]) if at.isdecimal() and int(at) < len(entries) else ""


def _symbol(rest: str) -> str:
    code = re.match(r'"?(0x[0-9A-Fa-f]{1,5}|\d{1,6}|.)', rest)
    font = re.search(r'\\f\s+"?([^"\\]+)', rest)
    if code is None:
        return ""
    given = code[1]
    point = int(given, 0) if re.fullmatch(r"0x[0-9A-Fa-f]+|[1-9]\d*", given) else ord(given[0])
    return sign(point, font[1].strip() if font else "") or ""


def overlay(expression: str) -> str:
    r"""Return what the expression of an EQ field shows, on one line.

    Word writes 带圈字符 as `\o\ac(○,1)` and the reading aids of old files as `\o\ad(\s\up 9(pīn),拼)`;
    a fraction is `\f(1,2)`, a root `\r(3,x)`.
    """
    if expression.count("(") > _MOST_BRACKETS:
        return ""
    text, _ = _terms(expression, 0)
    return "".join(text).strip()


def _terms(text: str, at: int) -> tuple[list[str], int]:
    """Return the arguments of a list in brackets that begins at `at`, and where it ends."""
    arguments = [""]
    while at < len(text) and text[at] != ")":
        if text[at] == "\\" and at + 1 < len(text):
            shown, at = _command(text, at)
            arguments[-1] += shown
        elif text[at] in ",;，；":
            arguments.append("")
            at += 1
        elif text[at] == "(":
            inner, at = _terms(text, at + 1)
            arguments[-1] += f"({','.join(inner)})"
            at += 1
        else:
            arguments[-1] += text[at]
            at += 1
    return arguments, at


def _command(text: str, at: int) -> tuple[str, int]:
    """Return what a command that begins with the backslash at `at` shows, and where it ends."""
    if text[at + 1] in "\\(),;":
        return text[at + 1], at + 2
    switches = _SWITCHES.match(text, at)
    if switches is None:
        return "", at + 1
    names = [name.lower() for name in re.findall(r"\\([A-Za-z]+)", switches[0])]
    at = switches.end()
    if at >= len(text) or text[at] != "(":
        return "", at
    arguments, at = _terms(text, at + 1)
    return _joined(names, [each.strip() for each in arguments]), at + 1


def _joined(names: list[str], arguments: list[str]) -> str:
    first = next((name for name in names if name in ("f", "r", "o", "s", "b", "x", "i", "l", "a", "d")), "")
    if first == "s" and "up" in names:
        return "" if len(arguments) == 1 else "".join(arguments)  # a reading aid above its character
    if first == "f":
        return "/".join(arguments)
    if first == "r":
        return f"{arguments[0] if len(arguments) > 1 else ''}√({arguments[-1]})"
    if first == "o":
        return _over(arguments)
    if first == "b":
        return f"({','.join(arguments)})"
    return ",".join(each for each in arguments if each)


def _over(arguments: list[str]) -> str:
    """Return characters that are printed over one another: a circled number is a sign of its own."""
    kept = [each for each in arguments if each]
    if len(kept) == 2 and kept[0] in ("○", "〇", "◯", "O"):
        inner = kept[1]
        number = int(inner) if re.fullmatch(r"[0-9]{1,2}", inner) else 0
        return _CIRCLED[number - 1] if 1 <= number <= len(_CIRCLED) else inner
    return "".join(kept)


def field_text(node: Node) -> str:
    """Return the text of a node of text or of the end mark of a field that shows text without a result."""
    return node.get(SHOWN, "") if node.tag == f"{W}fldChar" else written(node)
