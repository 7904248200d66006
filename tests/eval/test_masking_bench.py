"""The masking bench: its documents say the truth, and a sample of them meets the goals of the issue."""

from __future__ import annotations

import json
from importlib.resources import files

import pytest
from realdata import missing, real

from eval.bench.made_masking import documents
from eval.bench.masking import COUNT, GOLD, SEED, generated, judgments
from ingestion.identifiers import identifiers, is_id_number, passes_luhn

NUMBERS = ("身份证号", "手机号", "固定电话", "银行卡号", "车牌号", "电子邮箱", "微信号", "QQ号")


def test_the_same_seed_makes_the_same_documents_with_spans_in_place():
    first, second = list(documents(SEED, 20)), list(documents(SEED, 20))
    assert first == second
    for one in first:
        assert all(one.text[span.start : span.end].strip() for span in one.spans)
        assert not {one.text[span.start : span.end] for span in one.spans if span.kind == "姓名"} & set(
            one.officials
        )


def test_generated_numbers_bear_their_check_digits():
    for one in documents(SEED, 40):
        for span in one.spans:
            value = one.text[span.start : span.end].replace(" ", "")
            if span.kind == "身份证号" and len(value) == 18:
                assert is_id_number(value)
            if span.kind == "银行卡号":
                assert passes_luhn(value)


def test_every_number_of_all_documents_is_found():
    for one in documents(SEED, COUNT):
        found = {at for hit in identifiers(one.text) for at in range(hit.start, hit.end)}
        missed = [
            one.text[span.start : span.end]
            for span in one.spans
            if span.kind in NUMBERS and not found.issuperset(range(span.start, span.end))
        ]
        assert missed == []


@pytest.mark.slow
def test_a_sample_meets_the_goals():
    tally = generated(documents(SEED, 60))
    assert tally.recall("姓名") >= 0.98
    assert tally.precision() >= 0.95
    assert [tally.recall(kind) for kind in NUMBERS] == [1.0] * len(NUMBERS)
    assert (tally.unstable, tally.not_restored) == (0, 0)


def test_the_fixture_holds_offsets_and_no_text():
    entries = json.loads(files("eval.bench").joinpath(GOLD).read_text(encoding="utf-8"))
    assert len(entries) == 20
    for entry in entries:
        assert set(entry) == {"file", "sha256", "line", "names"}
        assert all(start < end for start, end in entry["names"])


def test_judgments_that_are_not_there_are_skipped_and_counted(tmp_path):
    tally = judgments(tmp_path)
    assert (tally.skipped, tally.documents) == (20, 0)


@pytest.mark.slow
def test_real_judgments_meet_the_goals():
    folder = real("judgments")
    tally = judgments(folder) if folder else None
    if tally is None or not tally.documents:
        pytest.skip(missing("judgments"))
    assert tally.recall("姓名") >= 0.98
    assert tally.precision() >= 0.95
    assert (tally.unstable, tally.not_restored) == (0, 0)
