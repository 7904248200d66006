"""The attendance list at the head of a hearing record: who took part, and as what."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from ingestion.labels import is_name, parts_of, unspaced

LEADING = ("主持人", "承办检察官", "承办人", "检察官助理", "书记员", "记录人", "听证员")  # roles that stay before a post
_PRESENT = (*LEADING, "主办检察官", "听证主持人", "记录员")
_SHORT = {"主持": "主持人", "承办": "承办检察官", "记录": "书记员"}
_EVERYBODY = ("其他到场", "到场人员", "其他参加人", "参加人", "参加人员", "出席人员", "到会人员", "与会人员", "参会人员")
_ACTS_FOR = ("委托代理人", "诉讼代理人", "代理人", "辩护人", "法定代理人", "监护人")
_SPREAD = re.compile(r"^(?:[一-龥][ \t　]+){1,5}[一-龥](?=[（(：:])")
_NUMBERED_ROLE = re.compile(r"(?P<role>听证员)[ （(]*(?:\d{1,2}|[一二三四五六七八九])[）)号]*")
_ITEM = re.compile(r"^[ \t　]*(?:[（(]?\d{1,2}[）).．、]|[①-⑳]|[-•·*])[ \t　]*")
_TITLE = re.compile(
    r"(?:副?(?:主任|检察长|院长|庭长|处长|科长|局长|所长|站长|队长|校长|园长|厂长|[镇县乡村]长|会长|馆长|组长|总监|书记|经理|主席|董事长|秘书长)|委员|检察官|检察官助理|助理|法官"
    r"|律师|教师|老师|教授|工程师|医生|护士长|代表|干部|研究员|民警|警官|监督员|负责人|专家|工商户|社工|书记员|记录[人员]|主持人|代理人|辩护人|监护人|同志|女士|先生)$"
)
_NAME = r"(?:[一-龥]{1,8}(?:·[一-龥]{1,8})+|[一-龥]{2,4})"
_BARE_NAME = re.compile(_NAME)
_POST_NAME = re.compile(rf"(?P<post>[一-龥]{{0,30}}(?:{_TITLE.pattern[3:-2]}))(?P<name>[一-龥]{{2,3}})")
_SENT = re.compile(rf"(?:(?P<post>[一-龥]{{2,12}})[：:])?(?P<name>{_NAME})")  # 区自然资源局（负责人：青松）
_ADDED_ROLE = re.compile("^(?:救助|监督|赔偿|复查|刑事)(?=申)")
_NAME_COLUMNS = ("姓名", "姓　名", "参加人员", "参会人员")
_ROLE_COLUMN = re.compile(r"听证.{0,4}(?:身份|角色)|角色|职责|诉讼地位")
_ENTRIES = re.compile(r"(?<=\S)[ \t　]+(?=[^：:，（(\s]{2,10}[：:])")
_NO_ROLE = re.compile(r"方式|时间|日期|地点|地址|名称|案由|案号|文号|编号|立案号|事项|内容|情况|类型|形式|议题|主题|性质|范围|电话")


@dataclass(frozen=True)
class Participant:
    """A person in the attendance list, and as what; `note` is what the list says in brackets (律师，组长)."""

    name: str
    role: str
    note: str = field(default="", compare=False)
    called: str = field(default="", compare=False)  # how the list numbers the person (听证员一)


def roster(text: str, head: Sequence[tuple[int, int]], roles: Sequence[str]) -> Iterator[Participant]:
    """The persons of the attendance list, in the forms in which clerks write it.

    `role：name（…）、name（…）`, also with the role numbered or spread over a column; a person a line below it;
    role and name; post and name; several roles a line; a table with a heading for names.
    """
    open_role = ""
    columns: tuple[str, ...] = ()
    for line in (entry for start, end in head for entry in _ENTRIES.split(_unspread(text[start:end].rstrip()))):
        cells = _cells(line)
        if columns and len(cells) == len(columns):
            yield _of_row(cells, columns)
            continue
        columns = cells if len(cells) >= 2 and cells[0] in _NAME_COLUMNS else ()
        alone = line[:1] not in " \t　" and (not open_role or cells[0] in _PRESENT) if cells else False
        if alone and len(cells) == 2 and _is_role(cells[0], roles) and all(map(_BARE_NAME.fullmatch, cells[1].split("、"))):
            line = "：".join(cells)  # 主持人　　阳建平
        if run_on := list(_run_on(line, roles)):
            yield from run_on
            continue
        role, number, rest = _labelled(line)
        known = any(role.endswith(word) for word in (*roles, *_EVERYBODY))
        if role and (known or not _NO_ROLE.search(role)):
            found = list(_persons(rest, role, roles))
            sure = known or any(_is_sure(one, rest) for one in found)
            found = [one for one in found if known or _is_sure(one, rest) or (sure and is_name(one.name, {}))]
            yield from (replace(one, called=number) for one in found)
            open_role = role if known or found or not rest else ""
        elif not role and open_role and (below := list(_below(line, open_role, roles))):
            yield from below
        else:
            open_role = ""


def _is_role(word: str, roles: Sequence[str]) -> bool:
    return word in roles or bool(_ADDED_ROLE.sub("", word) in roles)


def _run_on(line: str, roles: Sequence[str]) -> Iterator[Participant]:
    """A list in one sentence: 主持人郝敏，承办人龙飞，听证员陶然、白雪。"""
    pieces = re.split(r"[，,]", line.strip().rstrip("。"))
    if len(pieces) < 2 or "：" in line or not all(_begins(piece, roles) for piece in pieces):
        return
    for piece in pieces:
        first, *others = piece.split("、")
        begun = parts_of(first, roles, {})
        post = _POST_NAME.fullmatch(first)
        name, role = (begun.name, begun.role) if begun and begun.name else (post["name"], post["post"]) if post else ("", "")
        yield Participant(name, role, role)
        yield from (Participant(other, role) for other in others if _BARE_NAME.fullmatch(other))


def _begins(piece: str, roles: Sequence[str]) -> bool:
    first = piece.split("、")[0]
    begun = parts_of(first, roles, {})
    return bool((begun and begun.name and begun.role) or _POST_NAME.fullmatch(first))


def _labelled(line: str) -> tuple[str, str, str]:
    """Role, the numbered label (听证员一) or "", and what the list says behind the colon; the role is "" for none."""
    line = _ITEM.sub("", line.strip())
    line = re.sub(r"^[^：:，。；]{1,12}的(?=听证员)", "", line)
    line = re.sub(r"^(?P<role>[一-龥]{2,8}?)(?:名单|[一二三四五六七八九十\d]+[名人位])(?=[：:])", r"\g<role>", line)
    line = re.sub(r"^(?:主持|承办|记录)(?=[：:])", lambda found: _SHORT[found.group()], line)
    match = re.match(r"(?P<role>[^：:，。（(]{2,16})(?:[（(][^）)]*[）)])?[：:]\s*(?P<rest>.*)$", line)
    if match is None:
        return "", "", line
    numbered = _NUMBERED_ROLE.fullmatch(match["role"].strip())
    role = numbered["role"] if numbered else match["role"].strip()
    return role, match["role"].strip() if numbered else "", match["rest"].strip()


def _cells(line: str) -> tuple[str, ...]:
    return tuple(cell for cell in re.split(r"[ \t　]{2,}|　|\t|\|", line.strip()) if cell)


def _of_row(cells: Sequence[str], columns: Sequence[str]) -> Participant:
    """A row of a table: the role stands under 听证中的身份 or the like, or else in the last column."""
    at = next((number for number, name in enumerate(columns) if _ROLE_COLUMN.search(name)), len(columns) - 1)
    others = [cell for number, cell in enumerate(cells) if number not in (0, at)]
    return Participant(cells[0], cells[at], "，".join(others))


def _below(line: str, role: str, roles: Sequence[str]) -> Iterator[Participant]:
    """The persons of a line below its role."""
    remark = re.search(r"[（(](?P<note>[^（）()]*)[）)]", line)
    bare = re.sub(r"[（(][^（）()]*[）)]", "", _ITEM.sub("", line.strip())).strip()
    note = remark["note"] if remark else ""
    indented = line[:1] in " \t　"
    if post := _post_and_name(bare, roles):
        yield Participant(post[1], role, "，".join(filter(None, (post[0], note))))
    elif (found := _first_name(bare, roles)) and (not indented or is_name(found, {}) or len(bare) > len(found)):
        yield Participant(found, role, "，".join(filter(None, (bare[len(found) :].strip(" \t　，,"), note))))


def _unspread(line: str) -> str:
    return _SPREAD.sub(lambda found: unspaced(found.group()), line)


def _is_sure(one: Participant, rest: str) -> bool:
    """Whether words behind a label that we have no word for name a person: 合适成年人：祖琳, 邀请到会：某局科长　权建平."""
    alone = rest.strip() == one.name
    heads = bool(re.search(r"(?:负责人|代表|经理|[局科处所院校]长)(?:$|，)", one.note))
    return heads or one.role in _PRESENT or (is_name(one.name, {}) and (alone or bool(one.note) or bool(_TITLE.search(one.role))))


def _parts(rest: str) -> Iterator[str]:
    """The entries of a list; commas and blanks part persons where each piece has its own."""
    for part in re.split(r"[；;]|、(?![^（(]*[）)])", rest):
        pieces = re.split(r"[，,](?![^（(]*[）)])", part)
        named = [piece for piece in pieces if _POST_NAME.match(re.sub(r"[（(][^（）()]*[）)]", "", piece).strip())]
        if len(pieces) > 1 and len(named) == len(pieces):
            yield from pieces
        elif all(_BARE_NAME.fullmatch(word) and not _TITLE.search(word) for word in part.split()):
            yield from part.split()
        else:
            yield part


def _persons(rest: str, role: str, roles: Sequence[str]) -> Iterator[Participant]:
    organisation, first = "", role
    for part in _parts(rest):
        changed = re.match(r"\s*(?P<role>[^：:，（(]{2,10})[：:]", part)
        if changed and any(changed["role"].endswith(word) for word in roles):
            role, part = changed["role"], part[changed.end() :]
        inner = re.search(r"[（(](?P<note>[^（）()]*)[）)]", part)
        note = inner["note"] if inner else ""
        bare = re.sub(r"[（(][^（）()]*[）)]", "", part).strip(" \t　。")
        if not bare:
            continue
        if is_name(note, {}) and bare[:1] == note[:1] and _TITLE.search(bare):
            yield Participant(note, role, bare)  # 华律师（华建）
        elif (post := _post_and_name(bare, roles)) and (" " in bare or "　" in bare or not parts_of(bare, roles, {})):
            own = note if note in _PRESENT else role if role in roles else post[0]
            yield Participant(post[1], own, "，".join(filter(None, (post[0], note))))
        elif found := _first_name(bare, roles):
            own = role.endswith(_EVERYBODY) and bool(note)
            remark = note or bare[len(found) :].strip(" \t　，,")
            yield Participant(found, re.split(r"[，,]", note)[0] if own else role, remark)
        elif (inside := parts_of(re.split(r"[，,]", bare)[0], roles, {})) and inside.name and inside.role:
            alone = not organisation and first not in (*LEADING, *_EVERYBODY)
            of = first if inside.role in _ACTS_FOR and alone else organisation
            given = note if note in _PRESENT else role if role in LEADING else of + inside.role
            yield Participant(inside.name, given, note)
        elif behind := _behind_a_post(bare, roles):
            post_there, name = behind
            if "到场人员" in post_there:
                organisation = re.split(r"[，,]", bare)[0]
                yield Participant(name, organisation + (post_there.replace("到场人员", "") or note), note)
            else:
                yield Participant(name, role if post_there in ("经营者", "负责人") else role + post_there, note)
        elif sent := _SENT.fullmatch(note):
            yield Participant(sent["name"], role, "，".join(filter(None, (bare, sent["post"]))))


def _post_and_name(bare: str, roles: Sequence[str]) -> tuple[str, str] | None:
    """市人大代表　问玉梅 → (市人大代表, 问玉梅); 未成年人检察部主任谌燕 alike."""
    words = bare.split()
    if len(words) == 2 and "，" not in words[0] and _ends_in_title(words[0], roles) and _BARE_NAME.fullmatch(words[1]):
        return words[0], words[1]
    if len(words) != 1:
        return None
    for size in (3, 2, 4):
        post, name = bare[:-size], bare[-size:]
        if len(post) >= 2 and _TITLE.search(post) and is_name(name, {}):
            return post, name
    found = _POST_NAME.fullmatch(bare)
    return (found["post"], found["name"]) if found else None


def _ends_in_title(post: str, roles: Sequence[str]) -> bool:
    return bool(_TITLE.search(post)) or any(post.endswith(word) for word in roles)


def _behind_a_post(bare: str, roles: Sequence[str]) -> tuple[str, str] | None:
    """云岭建设有限公司，法定代表人 骆永昌 → (法定代表人, 骆永昌)."""
    for piece in re.split(r"[，,]", bare)[1:]:
        present = re.fullmatch(r"\s*(?P<post>(?:到场|出席|到会|参会|参加)人员?)[：:]?\s*(?P<name>[一-龥]{2,4})", piece)
        if present:
            return "到场人员", present["name"]
        label = parts_of(piece.strip(), roles, {})
        if label and label.name and label.role:
            return label.role, label.name
    return None


def _first_name(line: str, roles: Sequence[str]) -> str | None:
    """The name with which an entry of the list begins, if what follows it is no more than a remark."""
    bare = re.split(r"[（(，,\s]", _ITEM.sub("", line.strip()))[0]
    if (title := _TITLE.search(bare)) and re.fullmatch(r"[一-龥]{2,4}(?<![院局会部所站心校镇社区])", bare[: title.start()]):
        return bare[: title.start()]
    short = re.fullmatch(r"[一-龥]{2,3}", bare) and not any(bare.endswith(word) for word in roles)
    return bare if short or is_name(bare, {}) else None
