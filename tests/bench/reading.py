"""How fast a text is read: characters a CPU second, beside sea-g2p's normalizer in the same run; and the guard's share.

python tests/bench/reading.py
"""

import re
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from sea_g2p import Normalizer

from audiobook.spoken.guard import differing
from audiobook.spoken.lexicon import Lexicon
from audiobook.spoken.say import say

SAMPLE = Path(__file__).parents[1] / "samples" / "ban-tin" / "ban-tin-so-3.md"
ROUNDS = 10


def main() -> None:
    text = SAMPLE.read_text("utf-8")
    lines = [line for line in re.split(r"\n|(?<=[.!?])\s", text) if line.strip()]
    ours = speed(lines, lambda line: say(line, Lexicon(), mark=True))
    said = {line: say(line, Lexicon(), mark=True).segments for line in lines}
    guard = speed(lines, lambda line: list(differing(line, said[line])))
    theirs = speed(lines, Normalizer().normalize)
    print(f"reading, with the guard  {ours:9,.0f} characters a CPU second")
    print(f"the guard alone          {guard:9,.0f}")
    print(f"sea-g2p's normalizer     {theirs:9,.0f}   ours is {ours / theirs:.2f} of it")


def speed(lines: Sequence[str], work: Callable[[str], object]) -> float:
    for line in lines:
        work(line)
    began = time.process_time()
    for _ in range(ROUNDS):
        for line in lines:
            work(line)
    return ROUNDS * sum(map(len, lines)) / (time.process_time() - began)


if __name__ == "__main__":
    main()
