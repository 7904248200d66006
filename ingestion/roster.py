"""The attendance list at the head of a hearing record: who took part, and as what."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from ingestion.labels import is_name, parts_of, unspaced

LEADING = ("主持人", "承办检察官", "承办人", "检察官助理", "书记员", "记录人", "听证员")  # roles that stay before a post
_SHORT = {"主持": "主持人", "承办": "承办检察官", "记录": "书记员"}
_EVERYBODY = ("其他到场", "到场人员", "其他参加人", "参加人", "参加人员", "出席人员", "到会人员", "与会人员", "参会人员")
_ACTS_FOR = ("委托代理人", "诉讼代理人", "代理人", "辩护人", "法定代理人", "监护人")
_SPREAD = re.compile(r"^(?:[一-龥][ \t　]+){1,5}[一-龥](?=[（(：:])")
_NUMBERED_ROLE = re.compile(r"(听证员)[ （(]*\d{1,2}[）)号]*(?=[：:])")
_ITEM = re.compile(r"^(?:[（(]?\d{1,2}[）)．.、]|[①-⑳]|[-•·*])[ \t　]*")
_TITLE = re.compile(r"(?:副?(?:主任|检察长|院长|庭长|处长|科长|局长|所长|站长|队长|校长|书记|经理|委员)|检察官|法官|律师|老师|教授|代表|警官|同志|女士|先生)$")
_ENTRIES = re.compile(r"(?<=\S)[ \t　]+(?=[^：:，（(\s]{2,10}[：:])")
_NO_ROLE = re.compile(r"方式|时间|日期|地点|地址|名称|案由|案号|文号|编号|立案号|事项|内容|情况|类型|形式|议题|主题|性质|范围|电话")


@dataclass(frozen=True)
class Participant:
    """A person in the attendance list, and as what; `note` is what the list says in brackets (律师，组长)."""

    name: str
    role: str
    note: str = field(default="", compare=False)


def roster(text: str, head: Sequence[tuple[int, int]], roles: Sequence[str]) -> Iterator[Participant]:
    """The persons of the attendance list: `role：name（…）、name（…）`, a person a line below, role and name."""
    open_role = ""
    for line in (entry for start, end in head for entry in _ENTRIES.split(_unspread(text[start:end].strip()))):
        line = re.sub(r"^[^：:，。；]{1,12}的(?=听证员)", "", line)
        line = _NUMBERED_ROLE.sub(r"\1", line)
        line = re.sub(r"^(?P<role>[一-龥]{2,8}?)(?:名单|[一二三四五六七八九十\d]+[名人位])(?=[：:])", r"\g<role>", line)
        line = re.sub(r"^(?:主持|承办|记录)(?=[：:])", lambda found: _SHORT[found.group()], line)
        match = re.match(r"(?P<role>[^：:，。（(]{2,16})(?:[（(][^）)]*[）)])?[：:]\s*(?P<rest>.*)$", line)
        role = match["role"].strip() if match else ""
        if match and (any(role.endswith(word) for word in (*roles, *_EVERYBODY)) or _is_person(role, match["rest"])):
            open_role = "" if match["rest"].strip() else role
            yield from _persons(match["rest"].strip(), role, roles)
        elif open_role and (found := _first_name(line, roles)):
            yield Participant(found, open_role, _ITEM.sub("", line)[len(found) :].strip(" \t　，,（）()"))
        else:
            open_role = ""


def _unspread(line: str) -> str:
    return _SPREAD.sub(lambda found: unspaced(found.group()), line)


def _is_person(role: str, rest: str) -> bool:
    """Whether words of the head name a person in a role that we have no word for: 合适成年人：祖琳."""
    return not _NO_ROLE.search(role) and is_name(rest.strip(), {})


def _persons(rest: str, role: str, roles: Sequence[str]) -> Iterator[Participant]:
    organisation, first = "", role
    for part in re.split(r"[；;]|、(?![^（(]*[）)])", rest):
        changed = re.match(r"\s*(?P<role>[^：:，（(]{2,10})[：:]", part)
        if changed and any(changed["role"].endswith(word) for word in roles):
            role, part = changed["role"], part[changed.end() :]
        inner = re.search(r"[（(](?P<note>[^（）()]*)[）)]", part)
        note = inner["note"] if inner else ""
        bare = re.sub(r"[（(][^（）()]*[）)]", "", part).strip(" \t　。")
        if not bare:
            continue
        if found := _first_name(bare, roles):
            own = role.endswith(_EVERYBODY) and bool(note)
            remark = note or bare[len(found) :].strip(" \t　，,")
            yield Participant(found, re.split(r"[，,]", note)[0] if own else role, remark)
        elif (inside := parts_of(re.split(r"[，,]", bare)[0], roles, {})) and inside.name and inside.role:
            alone = not organisation and first not in (*LEADING, *_EVERYBODY)
            of = first if inside.role in _ACTS_FOR and alone else organisation
            yield Participant(inside.name, role if role in LEADING else of + inside.role, note)
        elif behind := _behind_a_post(bare, roles):
            post, name = behind
            if "到场人员" in post:
                organisation = re.split(r"[，,]", bare)[0]
                yield Participant(name, organisation + (post.replace("到场人员", "") or note), note)
            else:
                yield Participant(name, role if post in ("经营者", "负责人") else role + post, note)


def _behind_a_post(bare: str, roles: Sequence[str]) -> tuple[str, str] | None:
    """云岭建设有限公司，法定代表人 骆永昌 → (法定代表人, 骆永昌)."""
    for piece in re.split(r"[，,]", bare)[1:]:
        present = re.fullmatch(r"\s*(?P<post>到场人员)[：:]?\s*(?P<name>[一-龥]{2,4})", piece)
        if present and is_name(present["name"], {}):
            return present["post"], present["name"]
        label = parts_of(piece.strip(), roles, {})
        if label and label.name and label.role:
            return label.role, label.name
    return None


def _first_name(line: str, roles: Sequence[str]) -> str | None:
    """The name with which an entry of the list begins, if what follows it is no more than a remark."""
    bare = re.split(r"[（(，,\s]", _ITEM.sub("", line.strip()))[0]
    if (title := _TITLE.search(bare)) and re.fullmatch(r"[一-龥]{2,4}", bare[: title.start()]):
        return bare[: title.start()]
    short = re.fullmatch(r"[一-龥]{2,3}", bare) and not any(bare.endswith(word) for word in roles)
    return bare if short or is_name(bare, {}) else None
