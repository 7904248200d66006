"""kill -9 at random moments of an add: afterwards one more add makes everything agree.

    python -m eval.bench.killed FOLDER [--times 20] [--seed 1]

For each moment: a new home, `add FOLDER` and `index` killed after a random share of the time that a
whole run takes, then `add` and `index` once more. The homes begin with the vectors of the first whole run, so
that the kills fall on reading and writing and not on minutes of embedding. The catalogue must hold every file once, and words
and vectors exactly the texts of the catalogue.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from indexes.keywords import Keywords
from indexes.vectors import Vectors
from ingestion.document import KINDS


def run(home: Path, *arguments: str) -> int:
    """The exit code of a command on a home folder."""
    command = [sys.executable, "-m", "api", *arguments, "--json", "--home", str(home)]
    return subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False).returncode


def with_vectors(home: Path, of: Path) -> None:
    """A new home that knows the vectors of another one, and nothing else."""
    home.mkdir(mode=0o700)
    shutil.copy(of / "vectors.sqlite", home / "vectors.sqlite")
    shutil.copytree(of / "models", home / "models")


def killed(home: Path, folder: Path, after: float) -> None:
    """Start an add and then an index, and kill whatever runs after some seconds."""
    script = f"{sys.executable} -m api add '{folder}' --home '{home}'; {sys.executable} -m api index --home '{home}'"
    process = subprocess.Popen(
        ["sh", "-c", script], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
    )
    time.sleep(after)
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def disagreements(home: Path, files: int) -> list[str]:
    """What does not agree in a home folder; empty if all is well."""
    store = sqlite3.connect(f"file:{home / 'catalogue.sqlite'}?mode=ro", uri=True)
    count = store.execute("SELECT count(*) FROM documents").fetchone()[0]
    texts = {row[0]: row[1:] for row in store.execute("SELECT id, hash, kind, words, vector FROM texts")}
    held = {row[0] for row in store.execute("SELECT DISTINCT text_id FROM passages")}
    double = store.execute(
        "SELECT count(*) FROM (SELECT 1 FROM passages GROUP BY document_id, start, end HAVING count(*) > 1)"
    ).fetchone()[0]
    keywords, vectors = Keywords(home / "words"), Vectors(home / "vectors")
    faults = {
        f"{count} documents of {files} files": count != files,
        f"{double} double passages": double > 0,
        "texts without passages": held != set(texts),
        "texts not marked as filled": any(not (words and vector) for _, _, words, vector in texts.values()),
        "words and catalogue differ": keywords.ids() != set(texts) or keywords.count() != len(texts),
        "vectors and catalogue differ": any(
            vectors.hashes(kind) != {hash_ for hash_, of, *_ in texts.values() if of == kind} for kind in KINDS
        ),
    }
    return [fault for fault, is_so in faults.items() if is_so]


def main() -> None:
    """Print a line for each kill; exit with 1 if anything disagreed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--times", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    files = sum(path.is_file() for path in given.folder.rglob("*"))
    moments = random.Random(given.seed)
    with tempfile.TemporaryDirectory() as folder:
        began = time.monotonic()
        first, second = Path(folder) / "first", Path(folder) / "second"
        run(first, "add", str(given.folder))
        run(first, "index")
        print(f"the first whole run takes {time.monotonic() - began:.1f} s")
        with_vectors(second, first)
        began = time.monotonic()
        run(second, "add", str(given.folder))
        run(second, "index")
        whole = time.monotonic() - began
        print(f"with its vectors a whole run takes {whole:.1f} s; {files} files; seed {given.seed}")
        bad = 0
        for number in range(1, given.times + 1):
            home, after = Path(folder) / str(number), moments.uniform(0.3, whole)
            with_vectors(home, first)
            killed(home, given.folder, after)
            codes = run(home, "add", str(given.folder)), run(home, "index")
            faults = disagreements(home, files) + ([f"exit codes {codes}"] if any(codes) else [])
            bad += bool(faults)
            print(f"{number:2} killed after {after:5.1f} s: {'; '.join(faults) or 'all agree'}", flush=True)
    sys.exit(1 if bad else 0)


if __name__ == "__main__":
    main()
