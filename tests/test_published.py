"""hapsira, quantecon and arch as they are installed: right derivatives, or the refusal or warning that the catalogue names.

`-m published` runs the whole catalogue, `-m "published and not slow"` what is not plainly right and every tenth case.
"""

import importlib.util

import pytest

LIBRARIES = ("arch", "hapsira", "quantecon")
MISSING = [name for name in LIBRARIES if importlib.util.find_spec(name) is None]

pytestmark = [pytest.mark.published, pytest.mark.skipif(bool(MISSING), reason=f"not installed: {', '.join(MISSING)}")]


def _cases():
    if MISSING:
        return []
    from tests.published.run import CASES

    return [pytest.param(case, id=f"{k}-{case.name}", marks=_marks(k, case)) for k, case in enumerate(CASES)]


def _marks(k, case):
    return [pytest.mark.slow] if k % 10 and case.expected == "right" else []


@pytest.mark.parametrize("case", _cases())
def test_published(case):
    from tests.published.check import judge

    verdict = judge(case)
    assert case.keeps(verdict), f"{verdict.word}: {verdict.detail}"
