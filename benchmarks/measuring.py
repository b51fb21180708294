"""Timing side by side: one run of each in turn, medians, and no verdict where the floor itself wavers."""

import gc
import statistics
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

RUNS = 5
MOST_SPREAD = 0.20
PAGES_A_MEBIBYTE = 256  # of 4 KiB


@dataclass(frozen=True)
class Goal:
    """One figure against its bound; ``is_met`` is None where the floor was too uneven to judge."""

    name: str
    figure: float
    bound: float
    unit: str = "×"
    doubt: str = ""

    @property
    def is_met(self) -> bool:
        return not self.doubt and self.figure <= self.bound

    def __str__(self) -> str:
        verdict = self.doubt or ("达标" if self.is_met else "未达标")
        return f"{verdict}  {self.name}：{self.figure:.3g}{self.unit}（目标 ≤ {self.bound:g}{self.unit}）"


@dataclass(frozen=True)
class Timing:
    """Seconds of several runs."""

    seconds: list[float]

    @property
    def median(self) -> float:
        return statistics.median(self.seconds)

    @property
    def spread(self) -> float:
        return (max(self.seconds) - min(self.seconds)) / self.median

    def __str__(self) -> str:
        return f"{self.median * 1000:,.1f} ms（离散 {self.spread:.0%}）"


def alternately(runs: int = RUNS, **contenders: Callable[[], object]) -> dict[str, Timing]:
    """Run the contenders in turn, after one unmeasured round; a generator's first step is its set-up."""
    seconds: dict[str, list[float]] = {name: [] for name in contenders}
    for attempt in range(runs + 1):
        for name, contender in contenders.items():
            taken = _seconds_of(contender)
            if attempt:
                seconds[name].append(taken)
    return {name: Timing(times) for name, times in seconds.items()}


def _seconds_of(contender: Callable[[], object]) -> float:
    steps = contender()
    if isinstance(steps, Iterator):
        next(steps)
        gc.collect()
        gc.disable()  # as timeit does: whose turn the collector takes is chance
        try:
            began = time.perf_counter()
            next(steps, None)
            return time.perf_counter() - began
        finally:
            gc.enable()
    raise TypeError("a contender yields once, between its set-up and what is timed")


def doubt_of(floor: Timing) -> str:
    """Why nothing timed beside ``floor`` is judged; empty where it was even enough."""
    return "" if floor.spread <= MOST_SPREAD else f"不作判断（基线离散 {floor.spread:.0%}）"


def ratio(name: str, timing: Timing, floor: Timing, bound: float) -> Goal:
    """``timing`` as a multiple of ``floor``; refused where the floor spreads too far."""
    print(f"  {name}：{timing}；基线 {floor}")
    return Goal(name, timing.median / floor.median, bound, doubt=doubt_of(floor))


def resident_mebibytes() -> float:
    pages = Path("/proc/self/statm").read_text(encoding="ascii").split()[1]
    return int(pages) / PAGES_A_MEBIBYTE


@contextmanager
def memory_growth() -> Iterator[list[float]]:
    """By how many MiB this process grew at most meanwhile: the single figure in the list."""
    before, over, peak = resident_mebibytes(), threading.Event(), [0.0]

    def watch() -> None:
        while not over.wait(0.02):
            peak[0] = max(peak[0], resident_mebibytes() - before)

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        yield peak
    finally:
        over.set()
        watcher.join()
