"""Did other people answer than before? A score may move because the mix of respondents did: pure, no I/O."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import sqrt
from statistics import NormalDist

RARE = 5  # below so many expected answers a group is put together with the other rare ones (Cochran's rule)
DOUBT = 0.01  # how improbable it must be that the mix is the same
SMALL = (
    0.1  # Cramér's V: what is less does not matter, however many answers show it (Cohen's "small")
)
OTHERS = "others"


@dataclass(frozen=True, slots=True)
class Shift:
    """The mix is another: *group* changed its share most, from *before* to *after*, both in per cent."""

    trait: str
    group: str
    before: float
    after: float

    @property
    def sentence(self) -> str:
        return (
            f"Other people answered than before: by {self.trait}, {self.group} went from {self.before:.0f} % to "
            f"{self.after:.0f} % of the answers. A difference may come from that."
        )


def shift(trait: str, before: Mapping[str, int], after: Mapping[str, int]) -> Shift | None:
    """Whether the answers are spread over the groups of a *trait* (touchpoint, channel, language) otherwise than
    before, by Pearson's test of homogeneity; ``None`` where they are not, or too few to tell."""
    was, now = sum(before.values()), sum(after.values())
    if not was or not now:
        return None
    groups = _pooled(before, after)
    if len(groups) < 2:
        return None
    statistic = sum(_distance(one, was, now) for one in groups.values())
    strength = sqrt(statistic / (was + now))
    if strength < SMALL or chance(statistic, len(groups) - 1) >= DOUBT:
        return None
    shares = {name: (100 * old / was, 100 * new / now) for name, (old, new) in groups.items()}
    most = max(shares, key=lambda name: abs(shares[name][1] - shares[name][0]))
    return Shift(trait, most, *shares[most])


def chance(statistic: float, freedom: int) -> float:
    """How probable a chi-square of so many degrees of freedom or more is, by the approximation of Wilson and Hilferty
    (1931), which is right to a thousandth where it decides something."""
    step = 2 / (9 * freedom)
    return 1 - NormalDist().cdf(((statistic / freedom) ** (1 / 3) - (1 - step)) / sqrt(step))


def _pooled(before: Mapping[str, int], after: Mapping[str, int]) -> dict[str, tuple[int, int]]:
    """Before and after of each group, the rare ones together; left out where even together they are rare."""
    was, now = sum(before.values()), sum(after.values())
    found, others = {}, (0, 0)
    for name in sorted({*before, *after}):
        pair = before.get(name, 0), after.get(name, 0)
        if _rare(pair, was, now):
            others = others[0] + pair[0], others[1] + pair[1]
        else:
            found[name] = pair
    return found if _rare(others, was, now) else found | {OTHERS: others}


def _rare(pair: tuple[int, int], was: int, now: int) -> bool:
    return sum(pair) * min(was, now) / (was + now) < RARE


def _distance(pair: tuple[int, int], was: int, now: int) -> float:
    """What one group adds to Pearson's statistic."""
    expected = (sum(pair) * was / (was + now), sum(pair) * now / (was + now))
    return sum((seen - meant) ** 2 / meant for seen, meant in zip(pair, expected, strict=True))
