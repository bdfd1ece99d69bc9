"""hapsira, quantecon and arch as they are installed: right derivatives, or the refusal that the catalogue names."""

import importlib.util

import pytest

LIBRARIES = ("arch", "hapsira", "quantecon")
MISSING = [name for name in LIBRARIES if importlib.util.find_spec(name) is None]

pytestmark = [pytest.mark.published, pytest.mark.skipif(bool(MISSING), reason=f"not installed: {', '.join(MISSING)}")]


def _cases():
    if MISSING:
        return []
    from tests.published.run import CASES

    return [pytest.param(case, id=f"{k}-{case.name}") for k, case in enumerate(CASES)]


@pytest.mark.parametrize("case", _cases())
def test_published(case):
    from tests.published.check import judge

    verdict = judge(case)
    assert verdict.word == case.expected, verdict.detail
    assert case.refused in verdict.detail and case.decided in verdict.detail
