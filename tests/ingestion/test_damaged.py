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


def harm(data: bytes, name: str) -> str:
    """What is wrong with what the reader made of a file; "" where it was read, or refused with cause and advice."""
    try:
        reading = read_bytes(data, name)
    except ReadingError as refusal:
        return "" if refusal.cause and refusal.advice else f"{name}: refused without cause or advice"
    outside = [one for one in reading.blocks if not 0 <= one.start < one.end <= len(reading.text)]
    return f"{name}: {outside}" if outside else ""


@pytest.fixture(scope="module")
def good() -> list[Made]:
    """Good files of every format that needs no LibreOffice."""
    rng = random.Random(7)
    others = itertools.islice(made_other.quick(rng), 36)
    return [*others, *made_word.made(rng, 12)]


@pytest.mark.parametrize("kind", sorted(set(hostile._KINDS) - SLOW_OR_LARGE))
def test_a_hostile_file_does_no_harm(kind: str):
    made = (hostile._KINDS[kind](random.Random(seed)) for seed in (1, 2, 3))
    assert [found for suffix, data in made if (found := harm(data, f"a.{suffix}"))] == []


@pytest.mark.parametrize("damage", sorted(set(damaged._DAMAGES), key=lambda each: each.__name__))
def test_a_damaged_file_is_read_or_refused(damage, good: list[Made]):
    rng = random.Random(7)
    files = [damage(rng, made)[1:] for made in good]
    quick = [one for one in files if not one[1].startswith((b"{\\rtf", bytes.fromhex("d0cf11e0")))]  # no LibreOffice
    assert [found for name, data in quick if (found := harm(data, name))] == []


def test_good_files_come_with_the_damaged_ones_and_no_two_are_alike():
    made = list(damaged.samples(random.Random(1), 60))
    assert sum(not each.damage for each in made) == 6
    assert sum(bool(each.damage) for each in made) == 60
    filled = [each.data for each in made if each.data]
    assert len(set(filled)) == len(filled)
