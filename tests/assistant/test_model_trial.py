from __future__ import annotations

import pytest

from assistant.model import ModelFailed, ScriptedModel
from assistant.model_trial import no_model, try_model

GOOD = ("可以", "检察建议是检察机关提出的书面建议。", "旅馆接待旅客住宿必须登记[1]。")


def states(*said: str | ModelFailed) -> dict[str, str]:
    return {trial.name: trial.state for trial in try_model(ScriptedModel(list(said)))}


def test_a_good_model_passes_everything() -> None:
    assert states(*GOOD) == {"连接": "pass", "生成": "pass", "流式输出": "pass", "标注出处": "pass"}


def test_a_model_that_cannot_write_is_not_asked_more() -> None:
    trials = try_model(ScriptedModel([ModelFailed("模型服务 http://x 不接受密钥（401）。请检查设置 model_key。")]))
    assert [trial.state for trial in trials] == ["pass", "fail", "not_checked", "not_checked"]
    assert trials[1].detail == "模型服务 http://x 不接受密钥（401）。"
    assert trials[1].mend == "请检查设置 model_key。"


@pytest.mark.parametrize("said", ["旅馆接待旅客住宿必须登记。", "旅馆必须登记[2]。", "旅馆必须登记[1][2]。"])
def test_a_model_that_does_not_mark_says_what_that_means(said: str) -> None:
    trial = try_model(ScriptedModel([*GOOD[:2], said]))[-1]
    assert trial.state == "fail"
    assert trial.mend


def test_a_reply_in_one_piece_is_no_stream() -> None:
    assert states("可以", "检察", GOOD[2])["流式输出"] == "fail"


class Offering(ScriptedModel):
    """An endpoint with other models."""

    offered: tuple[str, ...] = ()

    def known(self) -> list[str]:
        return list(self.offered)


def test_a_name_that_the_endpoint_does_not_offer_is_told_with_those_it_does() -> None:
    model = Offering(list(GOOD))
    model.offered = ("qwen-a", "qwen-b")
    trial = try_model(model)[0]
    assert trial.state == "fail"
    assert "qwen-a、qwen-b" in trial.mend


def test_a_server_of_one_model_answers_to_any_name() -> None:
    model = Offering(list(GOOD))
    model.offered = ("/models/a.gguf",)
    assert try_model(model)[0].state == "pass"


def test_no_model_says_how_to_set_one() -> None:
    (trial,) = no_model()
    assert trial.state == "fail"
    assert "GONGZHI_MODEL_URL" in trial.mend
