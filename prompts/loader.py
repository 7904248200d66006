"""Reads a knowledge file into frozen models; refuses a key it does not know, naming file and key."""

from __future__ import annotations

import re
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Annotated, Literal, TypeVar

import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, ValidationError

# S published practice, L statute text checked, K known but text not at hand (待核), D our own choice
Tag = Literal["S", "L", "K", "D"]
KnowledgeRoot = Path | Traversable

_NUMERAL = "[一二三四五六七八九十百千零]+"
ARTICLE = re.compile(f"第{_NUMERAL}条(?:之[一二三四五六七八九十])?")
_CITATION = re.compile(
    rf"《(?P<law>[^《》]+)》(?P<article>{ARTICLE.pattern})"
    rf"(?P<paragraph>第{_NUMERAL}款)?(?P<item>第（?{_NUMERAL}）?项)?"
)

_MESSAGES = {
    "extra_forbidden": "不认识的键，请更正或删除",
    "missing": "缺少这个键",
    "string_type": "应为文字",
    "int_parsing": "应为整数",
    "int_type": "应为整数",
    "date_parsing": "应为日期，例如 2026-11-25",
    "date_from_datetime_parsing": "应为日期，例如 2026-11-25",
    "tuple_type": "应为列表",
    "model_type": "应为键值对",
}


class KnowledgeError(ValueError):
    """A knowledge file is missing, is not YAML, or does not have the form that it should have."""


class Record(BaseModel):
    """Base of all knowledge models: frozen, and a key that it does not know is refused."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


class Article(Record):
    """An article of a law by full title and canonical number, with paragraph and item where named.

    `law` "中华人民共和国民法典", `article` "第一千二百五十四条" or "第一百三十四条之一",
    `paragraph` "第一款" or "", `item` "第（二）项" or "".
    """

    law: str
    article: str
    paragraph: str = ""
    item: str = ""

    @property
    def text(self) -> str:
        """The citation as a letter writes it: 《中华人民共和国未成年人保护法》第五十七条."""
        title = self.law.replace("《", "〈").replace("》", "〉")
        return f"《{title}》{self.article}{self.paragraph}{self.item}"


def _citation(value: object) -> object:
    if not isinstance(value, str):
        return value
    found = _CITATION.fullmatch(value.strip())
    if not found:
        raise ValueError(f"应写作《法律全称》第……条，而不是“{value}”")
    parts = {name: part or "" for name, part in found.groupdict().items()}
    # inside 《》 a title in a title stands in 〈〉; the title itself carries 《》
    return parts | {"law": parts["law"].replace("〈", "《").replace("〉", "》")}


def article_of(citation: str) -> Article:
    """The article that 《…》第…条 names. Raises ValueError (pydantic's) for another form."""
    return Article.model_validate(_citation(citation))


# In the files an article is one string, 《…》第…条第…款第（…）项.
ArticleRef = Annotated[Article, BeforeValidator(_citation)]

R = TypeVar("R", bound=BaseModel)


def own_files() -> Traversable:
    """The knowledge that the package carries, found wherever it is installed."""
    return resources.files("prompts")


def entry(root: KnowledgeRoot | None, *parts: str) -> KnowledgeRoot:
    """The file or folder `parts` below `root` (the package's own knowledge where root is None)."""
    place: KnowledgeRoot = own_files() if root is None else root
    for part in parts:
        place = place / part
    return place


def files_in(root: KnowledgeRoot | None, folder: str, suffix: str = ".yaml") -> tuple[str, ...]:
    """The names, sorted, of the files of a knowledge folder. Raises KnowledgeError if it is missing."""
    place = entry(root, folder)
    if not place.is_dir():
        raise KnowledgeError(f"知识目录 {folder} 不存在：{place}")
    return tuple(sorted(item.name for item in place.iterdir() if item.name.endswith(suffix)))


def read_text(root: KnowledgeRoot | None, *parts: str) -> str:
    """The text of a knowledge file. Raises KnowledgeError naming the file if it cannot be read."""
    name = "/".join(parts)
    try:
        return entry(root, *parts).read_text(encoding="utf-8")
    except FileNotFoundError as error:
        raise KnowledgeError(f"知识文件 {name} 不存在") from error
    except UnicodeDecodeError as error:
        raise KnowledgeError(f"知识文件 {name} 不是 UTF-8 编码，请另存为 UTF-8") from error


def read_yaml(root: KnowledgeRoot | None, *parts: str) -> object:
    """The content of a YAML file; a key that stands twice is refused, since YAML would drop the first."""
    name = "/".join(parts)
    try:
        loader = yaml.CSafeLoader(read_text(root, *parts))
        try:
            node = loader.get_single_node()
            _refuse_twice(node, name)
            return loader.construct_document(node) if node is not None else None
        finally:
            loader.dispose()
    except yaml.YAMLError as error:
        raise KnowledgeError(f"知识文件 {name} 不是有效的 YAML：{error}") from error


def read_model(model: type[R], root: KnowledgeRoot | None, *parts: str) -> R:
    """A knowledge file as a frozen model. Raises KnowledgeError naming the file and every bad key."""
    name = "/".join(parts)
    try:
        return model.model_validate(read_yaml(root, *parts))
    except ValidationError as error:
        raise KnowledgeError(_in_chinese(name, error)) from error


def _refuse_twice(node: yaml.Node | None, name: str) -> None:
    if isinstance(node, yaml.MappingNode):
        seen: set[object] = set()
        for key, value in node.value:
            if key.value in seen:
                line = key.start_mark.line + 1
                raise KnowledgeError(f"知识文件 {name} 第 {line} 行：键 {key.value} 重复")
            seen.add(key.value)
            _refuse_twice(value, name)
    elif isinstance(node, yaml.SequenceNode):
        for value in node.value:
            _refuse_twice(value, name)


def _in_chinese(name: str, error: ValidationError) -> str:
    lines = [f"知识文件 {name} 有 {error.error_count()} 处不合要求："]
    for fault in error.errors(include_url=False):
        reason = _MESSAGES.get(fault["type"], fault["msg"].removeprefix("Value error, "))
        lines.append(f"  {_path(fault['loc'])}：{reason}")
    return "\n".join(lines)


def _path(parts: tuple[int | str, ...]) -> str:
    path = ""
    for part in parts:
        path += f"[{part}]" if isinstance(part, int) else f".{part}" if path else part
    return path or "（整个文件）"
