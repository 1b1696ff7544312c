"""How sure a share is, given how few it was measured on: the Wilson interval."""

from __future__ import annotations

from statistics import NormalDist


def wilson(k: int, n: int, confidence: float = 0.95) -> tuple[float, float] | None:
    """The interval that holds the true share with this confidence, when `k` of `n` were seen.

    None where there is no share: n is zero, or k is more than n (conversions of leads from elsewhere).
    """
    if not 0 <= k <= n or n == 0:
        return None
    z = NormalDist().inv_cdf((1 + confidence) / 2)
    share, weight = k / n, z * z / n
    middle = (share + weight / 2) / (1 + weight)
    half = z / (1 + weight) * (share * (1 - share) / n + weight / (4 * n)) ** 0.5
    return middle - half if k else 0.0, middle + half if k < n else 1.0
