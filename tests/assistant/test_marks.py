from __future__ import annotations

import pytest

from assistant.marks import Written, read_marks, sentences_as_written, with_late_marks


def texts(reply: str, size: int = 1000) -> list[str]:
    pieces = [reply[at : at + size] for at in range(0, len(reply), size)]
    return [written.text for written in sentences_as_written(pieces)]


@pytest.mark.parametrize(
    ("text", "said", "marks"),
    [
        ("前台未登记[1][3]。", "前台未登记。", (1, 3)),
        ("前台未登记。[2]", "前台未登记。", (2,)),
        ("前台未登记【1、2】。", "前台未登记。", (1, 2)),
        ("前台未登记［材料3］。", "前台未登记。", (3,)),
        ("前台未登记（材料1）。", "前台未登记。", (1,)),
        ("前台未登记[2-4]。", "前台未登记。", (2, 3, 4)),
        ("前台未登记[1, 1]。", "前台未登记。", (1,)),
        ("根据材料[2]，前台未登记。", "前台未登记。", (2,)),
        ("依照国发[2024]5号未登记。", "依照国发[2024]5号未登记。", ()),
        ("依照国发〔2024〕5号未登记。", "依照国发〔2024〕5号未登记。", ()),
        ("（一）前台未登记。", "（一）前台未登记。", ()),
        ("前台未登记[9-1]。", "前台未登记。", ()),
        ("前台未登记[]。", "前台未登记[]。", ()),
    ],
)
def test_marks_are_read_and_taken_out(text: str, said: str, marks: tuple[int, ...]) -> None:
    found = read_marks(text)
    assert (found.text, found.marks) == (said, marks)


@pytest.mark.parametrize("size", [1, 3, 7, 1000])
@pytest.mark.parametrize(
    ("reply", "sentences"),
    [
        ("甲登记[1]。乙未登记。[2]丙。", ["甲登记[1]。", "乙未登记。[2]", "丙。"]),
        ("他说“先住。再登记。”[1]丁来了。", ["他说“先住。再登记。”[1]", "丁来了。"]),
        ("第一行\n第二行。[1]\n", ["第一行", "第二行。[1]"]),
        ("没有句号[1]", ["没有句号[1]"]),
        ("“没有闭合的引号。后面还有一句。\n下一行。", ["“没有闭合的引号。", "后面还有一句。", "下一行。"]),
        ("", []),
        ("\n\n", []),
    ],
)
def test_sentences_come_whole_however_the_pieces_fall(reply: str, sentences: list[str], size: int) -> None:
    assert texts(reply, size) == sentences


def test_a_sentence_is_given_before_the_reply_ends() -> None:
    def pieces() -> object:
        yield "甲登记[1]。乙"
        raise AssertionError("the first sentence was not given")

    assert next(sentences_as_written(pieces())).text == "甲登记[1]。"  # type: ignore[arg-type]


def test_what_never_ends_is_not_read_on() -> None:
    taken = 0

    def pieces() -> object:
        nonlocal taken
        while True:
            taken += 1
            yield "登记登记"

    assert list(sentences_as_written(pieces())) == []  # type: ignore[arg-type]
    assert taken < 300


@pytest.mark.parametrize(
    ("reply", "given"),
    [
        (["甲登记。", "[1]"], ["甲登记。[1]"]),
        (["甲登记。", "依据：[1]《住宿法》第五条。"], ["甲登记。[1]"]),
        (["甲登记。", "乙未登记[2]。"], ["甲登记。", "乙未登记[2]。"]),
        (["甲登记[1]。", "依据：[2]"], ["甲登记[1]。", "依据：[2]"]),
        (["甲登记。", "乙。"], ["甲登记。", "乙。"]),
    ],
)
def test_a_bare_reference_marks_the_sentence_before_it(reply: list[str], given: list[str]) -> None:
    assert [one.text for one in with_late_marks(Written(text, False) for text in reply)] == given
