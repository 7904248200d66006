from __future__ import annotations

import threading
import time

import pytest

from indexes.turns import Turns


def wait_for(turns: Turns, waiting: int) -> None:
    end = time.monotonic() + 5
    while len(turns._waiting) != waiting:
        assert time.monotonic() < end
        time.sleep(0.001)


def test_who_came_first_goes_first() -> None:
    turns = Turns(1)
    went: list[int] = []

    def go(number: int) -> None:
        with turns.turn():
            went.append(number)

    threads = [threading.Thread(target=go, args=(number,)) for number in range(5)]
    with turns.turn():
        for number, thread in enumerate(threads, 1):
            thread.start()
            wait_for(turns, number)
        assert went == []
    for thread in threads:
        thread.join()
    assert went == [0, 1, 2, 3, 4]


def test_never_more_at_once_than_there_are_places() -> None:
    turns = Turns(3)
    lock = threading.Lock()
    inside = most = 0

    def go() -> None:
        nonlocal inside, most
        for _ in range(20):
            with turns.turn():
                with lock:
                    inside += 1
                    most = max(most, inside)
                time.sleep(0.0002)
                with lock:
                    inside -= 1

    threads = [threading.Thread(target=go) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most == 3


def test_a_turn_that_fails_gives_its_place_back() -> None:
    turns = Turns(1)
    with pytest.raises(ValueError, match="broken"), turns.turn():
        raise ValueError("broken")
    entered = threading.Event()

    def go() -> None:
        with turns.turn():
            entered.set()

    thread = threading.Thread(target=go, daemon=True)
    thread.start()
    assert entered.wait(5)
