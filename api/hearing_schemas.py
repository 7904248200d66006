"""The shapes of a hearing in HTTP answers, described in Chinese for the OpenAPI page."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from api.schemas import Shape


class Participant(Shape):
    """一名参加人。"""

    name: str = Field(description="姓名。", examples=["钱立"])
    role: str = Field(description="身份，照笔录所写。", examples=["主持人"])


class Step(Shape):
    """七个步骤之一。"""

    step: str = Field(description="步骤。", examples=["听证员提问"])
    start: int = Field(description="在笔录中的开始位置。", examples=[120])
    end: int = Field(description="在笔录中的结束位置。", examples=[480])


class Position(Shape):
    """某人对一个焦点说的话，逐字。"""

    speaker: str = Field(description="说话人；不能确定的为“未识别”。", examples=["王某"])
    role: str = Field(description="身份。", examples=["听证员"])
    text: str = Field(description="原话。", examples=["我没有登记住客。"])
    start: int = Field(description="开始位置。", examples=[120])
    end: int = Field(description="结束位置。", examples=[128])


class Disputed(Shape):
    """一个争议焦点。"""

    issue: str = Field(description="焦点，照笔录所写。", examples=["旅馆是否登记住客"])
    positions: list[Position] = Field(description="谁说了什么。")


class Opinion(Shape):
    """一名听证员的意见。"""

    speaker: str = Field(description="听证员。", examples=["何某"])
    view: Literal["agree", "disagree", "conditional", "unclear"] = Field(description="意见。", examples=["disagree"])
    reason: str = Field(description="原话。", examples=["不同意，应当起诉。"])
    start: int = Field(description="开始位置。", examples=[200])
    end: int = Field(description="结束位置。", examples=[209])


class Tally(Shape):
    """各种意见的人数。"""

    agree: int = Field(description="同意。", examples=[4])
    disagree: int = Field(description="不同意。", examples=[1])
    conditional: int = Field(description="附条件同意。", examples=[0])
    unclear: int = Field(description="不明确。", examples=[0])


class Promise(Shape):
    """一项承诺。"""

    who: str = Field(description="谁承诺。", examples=["韩某"])
    what: str = Field(description="原话。", examples=["我局将于9月30日前完成复查"])
    by: str = Field(description="时限，照笔录所写；没有说的为空。", examples=["9月30日前"])
    start: int = Field(description="开始位置。", examples=[300])
    end: int = Field(description="结束位置。", examples=[314])


class Hearing(Shape):
    """一份听证笔录的摘要。"""

    participants: list[Participant] = Field(description="参加人。")
    steps: list[Step] = Field(description="步骤。")
    issues: list[Disputed] = Field(description="争议焦点。")
    opinions: list[Opinion] = Field(description="听证员意见，不同意见一律保留。")
    tally: Tally = Field(description="计票。")
    commitments: list[Promise] = Field(description="承诺事项。")
    warnings: list[str] = Field(description="需要人核对的地方。")
