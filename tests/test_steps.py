from __future__ import annotations

from collections.abc import Generator

import pytest

from hw2gui.steps import finish, retold


def counting(to: int) -> Generator[int, None, str]:
    yield from range(to)
    return f"counted to {to}"


@pytest.mark.parametrize("to", [0, 3])
def test_all_is_heard_in_order_and_the_result_returned(to: int) -> None:
    heard: list[int] = []
    assert finish(counting(to), heard.append) == f"counted to {to}"
    assert heard == list(range(to))
    assert finish(counting(to)) == f"counted to {to}"


def test_what_is_told_otherwise_keeps_its_result() -> None:
    heard: list[str] = []
    assert finish(retold(counting(3), str), heard.append) == "counted to 3"
    assert heard == ["0", "1", "2"]


def test_an_error_comes_through() -> None:
    def broken() -> Generator[int, None, None]:
        yield 1
        raise ValueError("broken")

    heard: list[int] = []
    with pytest.raises(ValueError, match="broken"):
        finish(retold(broken(), abs), heard.append)
    assert heard == [1]
