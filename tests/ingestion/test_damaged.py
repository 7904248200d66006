"""Whatever is done to a file, it is read or refused by name; nothing else ever comes out of a reader."""

from __future__ import annotations

import itertools
import random

import pytest

from eval.bench import damaged, hostile, made_other, made_word
from eval.bench.made import Made
from ingestion.errors import ReadingError
from ingestion.read import read_bytes

SLOW_OR_LARGE = {"zip layers", "zip overlapping", "wide sheet", "part bomb", "line long", "zip bomb", "mail headers"}


def read_or_refused(data: bytes, name: str) -> None:
    try:
        reading = read_bytes(data, name)
    except ReadingError as error:
        refusal = error
    else:
        spans = [(block.start, block.end) for block in reading.blocks]
        assert all(0 <= start < end <= len(reading.text) for start, end in spans), name
        return
    assert refusal.cause, name
    assert refusal.advice, name


@pytest.fixture(scope="module")
def good() -> list[Made]:
    """Good files of every format that needs no LibreOffice."""
    rng = random.Random(7)
    others = itertools.islice(made_other.quick(rng), 36)
    return [*others, *made_word.made(rng, 12)]


@pytest.mark.parametrize("kind", sorted(set(hostile._KINDS) - SLOW_OR_LARGE))
def test_a_hostile_file_does_no_harm(kind: str):
    for seed in (1, 2, 3):
        suffix, data = hostile._KINDS[kind](random.Random(seed))
        read_or_refused(data, f"a.{suffix}")


@pytest.mark.parametrize("damage", sorted(set(damaged._DAMAGES), key=lambda each: each.__name__))
def test_a_damaged_file_is_read_or_refused(damage, good: list[Made]):
    rng = random.Random(7)
    for made in good:
        _, name, data = damage(rng, made)
        if not data.startswith((b"{\\rtf", bytes.fromhex("d0cf11e0"))):
            read_or_refused(data, name)


def test_good_files_come_with_the_damaged_ones_and_no_two_are_alike():
    made = list(damaged.samples(random.Random(1), 60))
    assert sum(not each.damage for each in made) == 6
    assert sum(bool(each.damage) for each in made) == 60
    filled = [each.data for each in made if each.data]
    assert len(set(filled)) == len(filled)
