"""A folder of laws: each file becomes a statute or is named with the reason why it did not."""

from __future__ import annotations

from pathlib import Path

import pytest

from ingestion.errors import MissingFile, ReadingError, UnreadableFile
from ingestion.lawfolder import SkippedLaw, folder_statutes
from ingestion.statutes import Statute

TEXT = "# {name}\n\n2011年3月1日 国务院令公布\n\n<!-- INFO END -->\n\n第一条 甲。\n\n第二条 本办法自2011年5月1日起施行。\n"


def put(folder: Path, path: str, text: str | None = None) -> Path:
    file = folder / path
    file.parent.mkdir(parents=True, exist_ok=True)
    name = file.stem.split("(")[0]
    file.write_text(TEXT.format(name=name) if text is None else text, encoding="utf-8")
    return file


def test_a_file_is_a_statute_with_the_level_of_its_folder_and_a_source_without_this_machine(tmp_path: Path):
    put(tmp_path / "laws", "行政法规/噪声管理办法(2011-05-01).md")
    [statute] = folder_statutes(tmp_path / "laws")
    assert isinstance(statute, Statute)
    assert (statute.name, statute.level) == ("噪声管理办法", "行政法规")
    assert statute.source == "laws/行政法规/噪声管理办法(2011-05-01).md"
    assert [article.label for article in statute.articles] == ["第一条", "第二条"]


def test_a_file_in_a_deeper_folder_has_the_level_of_the_outermost(tmp_path: Path):
    put(tmp_path, "司法解释/刑事/某某解释(2011-05-01).md")
    [statute] = folder_statutes(tmp_path)
    assert isinstance(statute, Statute)
    assert statute.level == "司法解释"


def test_a_file_at_the_top_has_the_level_that_its_issuer_tells(tmp_path: Path):
    put(tmp_path, "某某办法(2011-05-01).md")
    [statute] = folder_statutes(tmp_path)
    assert isinstance(statute, Statute)
    assert statute.level == "行政法规"


def test_a_single_file_is_loaded_as_well(tmp_path: Path):
    [statute] = folder_statutes(put(tmp_path, "某某办法(2011-05-01).md"))
    assert isinstance(statute, Statute)
    assert (statute.name, statute.source) == ("某某办法", "某某办法(2011-05-01).md")


def test_tables_of_contents_and_foreign_files_are_skipped_and_say_why(tmp_path: Path):
    put(tmp_path, "_index.md")
    put(tmp_path, "图.png")
    put(tmp_path, "某某办法(2011-05-01).md")
    skipped = {Path(one.path).name: one.why for one in folder_statutes(tmp_path) if isinstance(one, SkippedLaw)}
    assert skipped == {"_index.md": "目录文件，不是法律", "图.png": "不是 Markdown、文本或 Word 文件（.docx）"}


def test_a_broken_file_costs_the_others_nothing(tmp_path: Path):
    put(tmp_path, "甲办法(2011-05-01).md")
    put(tmp_path, "空.md", "")
    (tmp_path / "乱.md").write_bytes(bytes(range(0x80, 0x100)) * 40)
    put(tmp_path, "乙办法(2011-05-01).md")
    found = list(folder_statutes(tmp_path))
    assert [one.name for one in found if isinstance(one, Statute)] == ["乙办法", "甲办法"]
    errors = [one for one in found if isinstance(one, ReadingError)]
    assert {type(one) for one in errors} == {UnreadableFile}
    assert all(one.cause and one.advice for one in errors)
    assert sorted(Path(one.path).name for one in errors) == ["乱.md", "空.md"]


@pytest.mark.parametrize("encoding", ["gb18030", "utf-16", "utf-8-sig"])
def test_laws_in_other_encodings_are_read(tmp_path: Path, encoding: str):
    (tmp_path / "某某办法(2011-05-01).md").write_bytes(TEXT.format(name="某某办法").encode(encoding))
    [statute] = folder_statutes(tmp_path)
    assert isinstance(statute, Statute)
    assert statute.name == "某某办法"


def test_a_missing_folder_is_an_error_and_not_skipped(tmp_path: Path):
    for missing in (tmp_path / "没有", tmp_path / "没有.md"):
        with pytest.raises(MissingFile, match="不存在"):
            list(folder_statutes(missing))
