"""Settings come from the home folder and the environment; whatever is unknown or wrong is refused by name."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import ValidationError

from assistant.errors import BadSettings
from assistant.settings import Settings, read_settings


def write(home: Path, text: str) -> Path:
    home.mkdir(exist_ok=True)
    (home / "settings.toml").write_text(text, encoding="utf-8")
    return home


def test_without_any_setting_everything_is_as_documented(tmp_path: Path):
    settings = read_settings(tmp_path, {})
    assert (settings.home, settings.embedder, settings.threads, settings.office) == (tmp_path, "e5", 0, "")


def test_the_file_of_the_home_is_read(tmp_path: Path):
    settings = read_settings(write(tmp_path, 'office = "某某市人民检察院"\nthreads = 2\n'), {})
    assert (settings.office, settings.threads) == ("某某市人民检察院", 2)


def test_the_environment_goes_before_the_file(tmp_path: Path):
    home = write(tmp_path, 'office = "甲院"\nthreads = 2\n')
    settings = read_settings(home, {"GONGZHI_OFFICE": "乙院", "GONGZHI_THREADS": "4", "GONGZHI_EMBEDDER": ""})
    assert (settings.office, settings.threads, settings.embedder) == ("乙院", 4, "e5")


def test_the_home_that_is_given_goes_before_the_environment_and_that_before_the_default(tmp_path: Path):
    environment = {"GONGZHI_HOME": str(tmp_path / "b")}
    assert read_settings(tmp_path / "a", environment).root == tmp_path / "a"
    assert read_settings(None, environment).root == tmp_path / "b"
    assert read_settings(None, {"GONGZHI_HOME": ""}).root == Path("~/.gongzhi").expanduser()


def test_the_home_cannot_be_moved_by_its_own_file(tmp_path: Path):
    home = write(tmp_path, f'home = "{tmp_path / "elsewhere"}"\n')
    assert read_settings(home, {}).root == tmp_path


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ('offise = "甲院"', "设置 offise：不认识这个设置项"),
        ("[office]\nname = 1", "设置 office：值不合要求"),
        ('threads = "多"', "设置 threads：值不合要求"),
        ("threads = -1", "设置 threads：值不合要求"),
        ("threads = 257", "设置 threads：值不合要求"),
        ("office = ", "无法读取"),
        ("这不是设置", "无法读取"),
    ],
)
def test_what_is_wrong_is_named_with_the_file_that_holds_it(tmp_path: Path, text: str, named: str):
    with pytest.raises(BadSettings) as caught:
        read_settings(write(tmp_path, text), {})
    assert named in str(caught.value)
    assert str(tmp_path / "settings.toml") in str(caught.value)


def test_an_unknown_key_is_told_which_keys_there_are(tmp_path: Path):
    with pytest.raises(BadSettings, match="home、embedder、threads、office"):
        read_settings(write(tmp_path, "offise = 1"), {})


def test_a_wrong_value_of_the_environment_is_refused_too(tmp_path: Path):
    with pytest.raises(BadSettings, match="threads"):
        read_settings(tmp_path, {"GONGZHI_THREADS": "all"})


def test_a_file_that_is_no_utf8_is_refused(tmp_path: Path):
    (tmp_path / "settings.toml").write_bytes('office = "望湖区检察院"'.encode("gb18030"))
    with pytest.raises(BadSettings, match="无法读取"):
        read_settings(tmp_path, {})


def test_settings_do_not_change_once_they_are_read(tmp_path: Path):
    settings = read_settings(tmp_path, {})
    with pytest.raises(ValidationError):
        settings.office = "别院"  # type: ignore[misc]


def test_a_tilde_is_the_home_of_the_user():
    assert Settings(home=Path("~/x")).root == Path.home() / "x"
