"""What an office sets: one frozen Settings, read from the home folder and the environment."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError

from assistant.errors import BadSettings

FILE = "settings.toml"
PREFIX = "GONGZHI_"


class Settings(BaseModel):
    """All settings; an unknown key is refused.

    `home` holds all state. `embedder` is `e5` (the embedded default) or a sentence-transformers
    folder. `threads` is the number of threads that embed (0: all cores). `office` is the full name
    of the procuratorate, as it stands at the head of its letters. `upload_mb` is the largest file that the
    service takes. `token` is the secret that every request to the service must bring; without one the
    service answers this machine alone. `model_url` (OpenAI-compatible, …/v1) and `model_name` choose a
    language model, `model_key` is its secret, `model_window` the tokens of prompt and reply together,
    `model_timeout` the seconds for a reply; without a URL answers are quotations.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    home: Path = Path("~/.gongzhi")
    embedder: str = "e5"
    threads: int = Field(default=0, ge=0, le=256)
    office: str = ""
    upload_mb: int = Field(default=200, ge=1, le=512)
    token: SecretStr | None = None
    model_url: str = Field(default="", pattern=r"^(https?://\S+)?$")
    model_name: str = ""
    model_key: SecretStr | None = None
    model_window: int = Field(default=8192, ge=512, le=4_000_000)
    model_timeout: float = Field(default=120.0, gt=0, le=3600)

    @property
    def root(self) -> Path:
        """The home folder with `~` resolved."""
        return self.home.expanduser()


def read_settings(home: Path | None = None, environment: Mapping[str, str] = os.environ) -> Settings:
    """The settings of `home` (else GONGZHI_HOME, else ~/.gongzhi): its file, then GONGZHI_* variables.

    Raises BadSettings, naming the key, for an unknown key, a wrong value or a damaged file.
    """
    chosen = home or Path(environment.get(PREFIX + "HOME") or "~/.gongzhi")
    path = chosen.expanduser() / FILE
    values = {**_from_file(path), **_from_environment(environment), "home": chosen}
    try:
        return Settings(**values)
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(str(part) for part in first["loc"])
        what = "不认识这个设置项" if first["type"] == "extra_forbidden" else f"值不合要求（{first['msg']}）"
        known = "、".join(Settings.model_fields)
        raise BadSettings(f"设置 {key}：{what}。请检查 {path} 与环境变量；可用的设置项：{known}。") from error


def _from_file(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, NotADirectoryError):
        return {}  # a home that is a file is refused where it is opened
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadSettings(f"设置文件 {path} 无法读取：{error}。请改正后再试。") from error
    except OSError as error:
        raise BadSettings(f"设置文件 {path} 无法打开：{error.strerror}。请检查权限。") from error


def _from_environment(environment: Mapping[str, str]) -> dict[str, str]:
    names = (name for name in Settings.model_fields if name != "home")
    return {name: environment[PREFIX + name.upper()] for name in names if environment.get(PREFIX + name.upper())}
