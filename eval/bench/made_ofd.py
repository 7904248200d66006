"""OFD files with known content, written part by part as makers of the national format write them."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from xml.sax.saxutils import escape

_NS = 'xmlns:ofd="http://www.ofdspec.org/2016"'
_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
Parts = dict[str, bytes]


def text(
    words: str, x: float, y: float, size: float = 5.0, *, delta: str = "", down: str = "", more: str = "", inner: str = ""
) -> str:
    """A text object at x, y (millimetres, its upper left corner); characters stand `delta` or their width apart.

    `more` are attributes of the object, `inner` is what stands before its TextCode (a FillColor).
    """
    widths = [size * (0.5 if char.isascii() else 1) for char in words]
    width, height = sum(widths), size * 1.2
    across = delta or ("" if down else " ".join(f"{step:g}" for step in widths[:-1]))
    steps = f' DeltaX="{across}"' if across else ""
    steps += f' DeltaY="{down}"' if down else ""
    return (
        f'<ofd:TextObject ID="{int(x * 97 + y * 1009)}" Boundary="{x} {y} {width} {height}" Font="2" Size="{size}" {more}>'
        f'{inner}<ofd:TextCode X="0" Y="{size * 0.88}"{steps}>{escape(words)}</ofd:TextCode></ofd:TextObject>'
    )


def picture(identity: str, box: str) -> str:
    """An image object in a box (millimetres)."""
    return f'<ofd:ImageObject ID="9{identity}" Boundary="{box}" ResourceID="{identity}"/>'


def page(content: str, template: str = "", area: str = "") -> bytes:
    """A page of objects; `template` is the id of a template page under it, `area` its own box."""
    under = f'<ofd:Template TemplateID="{template}" ZOrder="Background"/>' if template else ""
    own = f"<ofd:Area><ofd:PhysicalBox>{area}</ofd:PhysicalBox></ofd:Area>" if area else ""
    return (
        f'{_HEAD}<ofd:Page {_NS}>{own}{under}<ofd:Content><ofd:Layer ID="1" Type="Body">{content}</ofd:Layer>'
        "</ofd:Content></ofd:Page>"
    ).encode()


def parts(pages: Sequence[bytes], templates: Sequence[bytes] = (), resources: str = "") -> Parts:
    """The parts of a package with these pages, templates T1, T2 … and the content of its resource file."""
    listed = "".join(f'<ofd:Page ID="{100 + at}" BaseLoc="Pages/Page_{at}/Content.xml"/>' for at in range(len(pages)))
    under = "".join(
        f'<ofd:TemplatePage ID="T{at + 1}" BaseLoc="Tpls/Tpl_{at}/Content.xml"/>' for at in range(len(templates))
    )
    document = (
        f"{_HEAD}<ofd:Document {_NS}><ofd:CommonData><ofd:MaxUnitID>999</ofd:MaxUnitID><ofd:PageArea>"
        f"<ofd:PhysicalBox>0 0 210 297</ofd:PhysicalBox></ofd:PageArea><ofd:DocumentRes>DocumentRes.xml</ofd:DocumentRes>"
        f"{under}</ofd:CommonData><ofd:Pages>{listed}</ofd:Pages></ofd:Document>"
    )
    made = {
        "OFD.xml": (
            f'{_HEAD}<ofd:OFD {_NS} Version="1.0" DocType="OFD"><ofd:DocBody><ofd:DocInfo/>'
            "<ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot></ofd:DocBody></ofd:OFD>"
        ).encode(),
        "Doc_0/Document.xml": document.encode(),
        "Doc_0/DocumentRes.xml": f'{_HEAD}<ofd:Res {_NS} BaseLoc="Res">{resources}</ofd:Res>'.encode(),
    }
    made |= {f"Doc_0/Pages/Page_{at}/Content.xml": content for at, content in enumerate(pages)}
    return made | {f"Doc_0/Tpls/Tpl_{at}/Content.xml": content for at, content in enumerate(templates)}


def packed(made: Parts) -> bytes:
    """The bytes of a package."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in made.items():
            archive.writestr(name, data)
    return out.getvalue()


def ofd(*contents: str, templates: Sequence[bytes] = (), resources: str = "") -> bytes:
    """An OFD of A4 pages with these objects; all pages stand on the first template, if there is one."""
    return packed(parts([page(each, "T1" if templates else "") for each in contents], templates, resources))
