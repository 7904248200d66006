"""`gongzhi chat` and `gongzhi model check`, in process, on a home with real vectors and a model by script."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from api.chatting import chat, check_model
from assistant.desk import Desk, open_desk
from assistant.errors import BadSettings, NotThere
from assistant.model import EndpointModel, ModelFailed, ScriptedModel
from assistant.model_writer import ModelWriter
from assistant.settings import Settings
from assistant.writer import QuotingWriter
from indexes.words import tokens

QUESTION = "旅店接待未成年人住宿应当询问什么？"


@pytest.fixture
def desk(filled: Any) -> Iterator[Desk]:
    opened = open_desk(Settings(home=filled.home))
    yield opened
    opened.close()


def lines(*said: str | type[BaseException]) -> Callable[[str], str]:
    """A terminal at which these lines are typed; an exception stands for its key."""
    left = iter(said)

    def read(_: str) -> str:
        line = next(left, EOFError)
        if isinstance(line, str):
            return line
        raise line

    return read


def with_model(desk: Desk, *said: str | ModelFailed, **more: Any) -> ScriptedModel:
    model = ScriptedModel(list(said), **more)
    quoting = QuotingWriter(tokens, desk.keywords.rarity)
    desk.__dict__["model"] = model
    desk.__dict__["writer"] = ModelWriter(model, quoting, tokens, lambda _: ())
    return model


def test_a_conversation_answers_with_sources_until_ctrl_d(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    assert chat(desk, "甲案", read=lines(QUESTION)) == 0
    out, err = capsys.readouterr()
    assert "旅店接待未成年人住宿，应当询问监护人的联系方式" in out
    assert "[1] 《旅店管理条例》第二条，现行有效" in out
    assert "依据：每句均有依据。" in out
    assert "案件 甲案" in err


def test_a_follow_up_is_understood_and_it_is_said_how(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    chat(desk, None, read=lines(QUESTION, "", "第三条呢？", "退出", "不会再读"))
    out = capsys.readouterr().out
    assert "（按此理解：《旅店管理条例》第三条呢？）" in out


def test_a_refusal_says_what_is_missing_and_the_talk_goes_on(
    desk: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    assert chat(desk, None, read=lines("住房公积金缴存比例是多少？", QUESTION)) == 0
    out = capsys.readouterr().out
    assert "未找到依据，不作回答。" in out
    assert "住房公积金缴存比例" in out
    assert "监护人的联系方式" in out


def test_ctrl_c_at_the_question_leaves(desk: Desk) -> None:
    assert chat(desk, None, read=lines(KeyboardInterrupt, "不会再读")) == 0


def test_ctrl_c_stops_an_answer_and_only_that(
    desk: Desk, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    model = with_model(desk, "旅店接待未成年人住宿，应当询问监护人的联系方式[1]。", "无。")

    def interrupted(*_: Any, **__: Any) -> Iterator[str]:
        yield "旅店接待未成年人住宿，"
        raise KeyboardInterrupt

    monkeypatch.setattr(model, "stream", interrupted)
    assert chat(desk, None, read=lines(QUESTION, "退出")) == 0
    out = capsys.readouterr().out
    assert "已停止" in out
    assert "依据：" not in out


def test_a_models_answer_is_shown_once_and_marked(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    with_model(desk, "旅店接待未成年人住宿，应当询问监护人的联系方式[1]。另须缴纳保证金5000元[1]。")
    chat(desk, None, read=lines(QUESTION))
    out = capsys.readouterr().out
    assert out.count("应当询问监护人的联系方式[1]") == 1
    assert "另须缴纳保证金5000元。【待核实】" in out
    assert "部分句子待核实" in out


def test_a_model_that_breaks_off_is_replaced_and_it_is_said(
    desk: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    with_model(desk, "旅店接待未成年人住宿，应当询问监护人的联系方式[1]。后面还有很多话要说。", breaks_after=34)
    chat(desk, None, read=lines(QUESTION))
    out = capsys.readouterr().out
    assert "以上内容作废" in out
    assert "中途断开" in out
    assert "规定：“" in out


def test_an_unknown_case_is_refused_before_the_first_question(desk: Desk) -> None:
    with pytest.raises(NotThere, match="没有案件 丙案"):
        chat(desk, "丙案", read=lines(QUESTION))


# the settings, and trying the model -----------------------------------------------------------------


def test_without_a_model_the_check_says_how_to_set_one(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    assert check_model(desk, as_json=True) == 1
    (check,) = json.loads(capsys.readouterr().out)["checks"]
    assert set(check) == {"name", "state", "detail", "mend"}
    assert "GONGZHI_MODEL_URL" in check["mend"]


def test_a_good_model_passes_the_check(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    with_model(desk, "可以", "检察建议是检察机关提出的书面建议。", "旅馆必须登记[1]。")
    assert check_model(desk, as_json=False) == 0
    assert capsys.readouterr().out.count("✓") == 4


def test_nobody_at_the_address_is_told_in_words(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    desk = open_desk(Settings(home=tmp_path / "home", model_url="http://127.0.0.1:9/v1", model_name="m"))
    assert check_model(desk, as_json=False) == 1
    assert "连不上模型服务 http://127.0.0.1:9" in capsys.readouterr().out
    desk.close()


def test_a_model_elsewhere_is_cloaked_one_here_is_not(tmp_path: Path) -> None:
    here = open_desk(Settings(home=tmp_path / "a", model_url="http://localhost:9/v1", model_name="m"))
    away = open_desk(Settings(home=tmp_path / "b", model_url="https://models.example.cn/v1", model_name="m"))
    assert isinstance(here.model, EndpointModel)
    assert here.model.local
    assert away.model is not None
    assert not away.model.local
    assert not isinstance(away.model, EndpointModel)
    here.close()
    away.close()


def test_a_url_without_a_name_is_refused(tmp_path: Path) -> None:
    desk = open_desk(Settings(home=tmp_path / "home", model_url="http://127.0.0.1:9/v1"))
    with pytest.raises(BadSettings, match="model_name"):
        _ = desk.model
    desk.close()


def test_the_key_is_in_no_shown_form_of_the_settings(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path, model_key="sk-geheim")  # type: ignore[arg-type]
    assert "geheim" not in repr(settings) + str(settings) + settings.model_dump_json()
