"""What a model on another machine is told, and what comes back from it."""

from __future__ import annotations

import pytest

from assistant.cloak import Cloaked, cloak_over, names_in
from assistant.model import Message, ScriptedModel

TEXT = (
    "被害人林小雨（女，2010年3月2日出生），联系电话13812345678，证人周大力陈述，被告人贺启明身份证号码为11010519491231002X。"
)


def told(model: ScriptedModel) -> str:
    return "".join(message.text for messages in model.heard for message in messages)


def test_no_name_and_no_number_of_a_person_leaves() -> None:
    inner = ScriptedModel(["好。"], local=False)
    Cloaked(inner).complete([Message("system", "规则"), Message("user", f"{TEXT}林小雨为何入住？")])
    for secret in ("林小雨", "周大力", "贺启明", "13812345678", "11010519491231002X", "2010年3月2日"):
        assert secret not in told(inner)
    assert "为何入住" in told(inner)


def test_a_name_that_only_the_case_tells_is_hidden_too() -> None:
    """The passage that is sent may name a victim without her role."""
    inner = ScriptedModel(["好。"], local=False)
    Cloaked(inner).complete([Message("user", "林小雨于当晚入住。")], names={"林小雨"})
    assert "林小雨" not in told(inner)


class Echo(ScriptedModel):
    """Says back what it was told, a character at a time."""

    def __init__(self, size: int = 1) -> None:
        super().__init__([])
        self.size = size

    def complete(self, messages: object, **_: object) -> str:  # type: ignore[override]
        self.heard.append(tuple(messages))  # type: ignore[arg-type]
        return self.heard[-1][-1].text

    def stream(self, messages: object, **_: object) -> object:  # type: ignore[override]
        said = self.complete(messages)
        return (said[at : at + self.size] for at in range(0, len(said), self.size))


@pytest.mark.parametrize("size", [1, 2, 5, 500])
def test_what_comes_back_has_the_names_again_however_the_pieces_fall(size: int) -> None:
    model = Cloaked(Echo(size))
    assert "".join(model.stream([Message("user", TEXT)])) == TEXT
    assert model.complete([Message("user", TEXT)]) == TEXT


def test_two_persons_of_one_surname_come_back_as_themselves() -> None:
    text = "被害人林小雨与被害人林大海同住，被害人林小雨报警。"
    cloak = cloak_over(text, ())
    assert len(set(cloak.names.values())) == 2
    assert cloak.restored(cloak.hidden(text)) == text


def test_an_alias_that_stands_in_the_text_goes_to_nobody() -> None:
    text = "被害人林小雨与林某同住。"
    cloak = cloak_over(text, ())
    assert cloak.restored(cloak.hidden(text)) == text


def test_a_model_elsewhere_is_not_local_and_names_are_found_beside_roles() -> None:
    assert Cloaked(ScriptedModel([])).local is False
    assert names_in(TEXT) >= {"林小雨", "周大力", "贺启明"}


def test_a_person_without_a_role_and_his_address_do_not_leave() -> None:
    text = "昨天王芳去了超市。王芳住临江市望湖区湖滨路12号3幢502室。"
    cloak = cloak_over(text, ())
    hidden = cloak.hidden(text)
    assert "王芳" not in hidden
    assert "502室" not in hidden
    assert cloak.restored(hidden) == text


def test_the_words_of_the_law_stay_as_they_are() -> None:
    law = "监护人应当履行职责；被害人时年不满十八周岁的，证人全部到场，当事人可以申请回避。"
    assert cloak_over(law, ()).hidden(law) == law
