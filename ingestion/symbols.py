"""Characters of symbol fonts (the boxes and ticks of forms, old formulas) as the signs that a reader sees."""

from __future__ import annotations

import re

from ingestion.styles import Node, W

# by the code of the font, as Unicode's own tables of these fonts give them, simple forms preferred
_WINGDINGS: dict[int, str] = {
    **dict(zip(range(0x22, 0x24), "✂✁", strict=True)),
    **dict(zip(range(0x28, 0x2B), "☎✆✉", strict=True)),
    **dict(zip(range(0x3F, 0x4A), "✍✎✌👌👍👎☜☞☝☟✋", strict=True)),
    **dict(zip(range(0x4A, 0x4D), "☺😐☹", strict=True)),
    **dict(zip(range(0x51, 0x55), "✈☼💧❄", strict=True)),
    **dict(zip(range(0x6A, 0x7F), "&&●❍■□□❑❒◆◆◆❖◆☒⍓⌘❀✿“”", strict=True)),
    **dict(zip(range(0x80, 0x96), "⓪①②③④⑤⑥⑦⑧⑨⑩⓿❶❷❸❹❺❻❼❽❾❿", strict=True)),
    **dict(zip(range(0x9E, 0xA2), "·•▪○", strict=True)),
    **dict(zip(range(0xA4, 0xB0), "◉◎○▪□▲✦★✶✴✹✵", strict=True)),
    0xD8: "➢",
    **dict(zip(range(0xDF, 0xEB), "←→↑↓↖↗↙↘←➔↑↓", strict=True)),
    **dict(zip(range(0xEF, 0xF5), "⇦⇨⇧⇩⇔⇳", strict=True)),
    **dict(zip(range(0xFB, 0xFF), "✗✓☒☑", strict=True)),
}
_WINGDINGS_2 = {
    **dict(zip(range(0x4F, 0x55), "✗✓☒☑☒☒", strict=True)),
    **dict(zip(range(0x69, 0x7F), "⓪①②③④⑤⑥⑦⑧⑨⑩⓿❶❷❸❹❺❻❼❽❾❿", strict=True)),
    0x97: "●",
    0xA2: "■",
    0xA3: "□",
}
_WEBDINGS = {0x61: "✓", 0x63: "□", 0x67: "■", 0x72: "✗", 0x3D: "•"}
# Adobe's symbol encoding; a space where it has none
_SYMBOL = dict(
    zip(
        [*range(0x20, 0x7F), *range(0xA0, 0xFF)],
        " !∀#∃%&∋()∗+,−./0123456789:;<=>?≅ΑΒΧΔΕΦΓΗΙϑΚΛΜΝΟΠΘΡΣΤΥςΩΞΨΖ[∴]⊥_‾αβχδεφγηιϕκλμνοπθρστυϖωξψζ{|}∼"
        "€ϒ′≤⁄∞ƒ♣♦♥♠↔←↑→↓°±″≥×∝∂•÷≠≡≈…⏐⎯↵ℵℑℜ℘⊗⊕∅∩∪⊃⊇⊄⊂⊆∈∉∠∇®©™∏√⋅¬∧∨⇔⇐⇑⇒⇓"
        "◊〈®©™∑⎛⎜⎝⎡⎢⎣⎧⎨⎩⎪ 〉∫⌠⎮⌡⎞⎟⎠⎤⎥⎦⎫⎬⎭",
        strict=True,
    )
)
_FONTS: dict[str, dict[int, str]] = {
    "wingdings": _WINGDINGS,
    "wingdings 2": _WINGDINGS_2,
    "webdings": _WEBDINGS,
    "symbol": _SYMBOL,
}


def symbol(node: Node) -> str | None:
    """Return the sign of a `w:sym`, None where nothing is known of it."""
    code: str = node.get(f"{W}char", "")
    if not re.fullmatch(r"[0-9A-Fa-f]{1,5}", code):
        return None
    return sign(int(code, 16), node.get(f"{W}font", ""))


def sign(point: int, font: str) -> str | None:
    """Return the sign at a code of a font, None where nothing is known of it."""
    known = _FONTS.get(font.lower(), {})
    if 0xF000 <= point <= 0xF0FF:
        return known.get(point - 0xF000)
    if point in known:
        return known[point]
    return chr(point) if 0x20 <= point <= 0x10FFFF and not 0xD800 <= point <= 0xF8FF else None


def in_font(text: str, properties: Node | None) -> str:
    """Return the text of a run as its font shows it; only symbol fonts change anything."""
    fonts = None if properties is None else properties.find(f"{W}rFonts")
    if fonts is None:
        return text
    font = fonts.get(f"{W}ascii") or fonts.get(f"{W}hAnsi") or ""
    if font.lower() not in _FONTS:
        return text
    return "".join(
        (sign(ord(char), font) or char) if ord(char) < 0x100 or "\uf000" <= char <= "\uf0ff" else char
        for char in text
    )
