"""Opening a database of the home folder: pragmas, migrations, and errors in the user's words."""

from __future__ import annotations

import errno
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.exc import DatabaseError, OperationalError

from indexes.errors import DamagedStore, DiskFull, NewerHome, StoreError

HEAD = "0003"  # the newest migration; a test compares it with the scripts
BUSY_SECONDS = 60
CONNECTIONS = 32  # kept open, one for each thread that reads at the same moment; ten more are lent at need


def open_engine(path: Path) -> sa.Engine:
    """An engine on the SQLite file at `path` (made if absent): WAL, foreign keys, patient with writers."""
    engine = sa.create_engine(
        f"sqlite:///{path}", connect_args={"timeout": BUSY_SECONDS}, pool_size=CONNECTIONS, pool_timeout=BUSY_SECONDS
    )

    @event.listens_for(engine, "connect")
    def _prepare(connection: sqlite3.Connection, _: Any) -> None:
        # Transactions are begun by hand (below), as pysqlite's own legacy mode begins them too late.
        connection.isolation_level = None
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=NORMAL")
        connection.execute("PRAGMA foreign_keys=ON")
        connection.execute("PRAGMA temp_store=MEMORY")

    @event.listens_for(engine, "begin")
    def _begin(connection: sa.Connection) -> None:
        # a reader that turns writer would meet SQLITE_BUSY at once, so writers say so from the start
        write = connection.get_execution_options().get("write", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")

    return engine


@contextmanager
def speaking(path: Path) -> Iterator[None]:
    """Translate errors of SQLite and of the file system about `path` into StoreErrors."""
    try:
        yield
    except (OperationalError, DatabaseError) as error:
        raise translate(error, path) from error
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise DiskFull(full(path)) from error
        raise StoreError(f"无法读写 {path}：{error.strerror or error}。请检查该文件夹的权限。") from error


def damaged(path: Path) -> str:
    """The sentence for a damaged file: what only repeats the catalogue is made again."""
    if path.name == "vectors.sqlite":
        return f"向量文件 {path} 已损坏。删除它后运行 gongzhi index 即可重新生成，其余数据不受影响。"
    if path.name == "citations.sqlite":
        return f"引用关系文件 {path} 已损坏。删除它后再次运行同一命令即可重新生成，其余数据不受影响。"
    return f"数据文件 {path} 已损坏。请用备份恢复，或移走该文件夹后重新添加文件。"


def full(path: Path) -> str:
    """The sentence for a full disk."""
    return f"磁盘已满，无法写入 {path}。已存的内容没有受损；请清理空间后重新运行同一命令。"


def translate(error: Exception, path: Path) -> StoreError:
    """The StoreError that tells what a database error means for the user."""
    text = str(error)
    if "disk is full" in text or "disk I/O error" in text:
        return DiskFull(full(path))
    if "malformed" in text or "not a database" in text:
        return DamagedStore(damaged(path))
    if "locked" in text:
        return StoreError(f"{path} 正被另一个进程长时间占用。请稍后重试。")
    if "unable to open" in text or "readonly" in text:
        return StoreError(f"无法打开 {path}。请检查该文件夹是否存在、是否可写。")
    return StoreError(f"读写 {path} 时出错：{getattr(error, 'orig', error)}")


def migrate(engine: sa.Engine, path: Path) -> None:
    """Bring the catalogue to the newest schema; raise NewerHome where it is newer than the program."""
    revision = current_revision(engine)
    if revision == HEAD:
        return
    if revision is not None and revision > HEAD:
        raise NewerHome(
            f"{path} 由更新版本的共治写成（数据版本 {revision}，本程序支持到 {HEAD}）。"
            "请升级 gongzhi，或用 --home 指定另一个文件夹。"
        )
    from alembic import command
    from alembic.config import Config

    with as_file(files("indexes") / "migrations") as scripts:
        config = Config()
        config.set_main_option("script_location", str(scripts))
        with engine.execution_options(write=True).begin() as connection:
            # another process may have migrated while we waited for the lock
            config.attributes["connection"] = connection
            command.upgrade(config, "head")


def current_revision(engine: sa.Engine) -> str | None:
    """The revision that the database says it has; None for an empty one."""
    with engine.begin() as connection:
        if not sa.inspect(connection).has_table("alembic_version"):
            return None
        found = connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()
    return None if found is None else str(found)
