"""Which arrays an iteration fills before it reads them (`sct.analyses.filled`): `u` of n elements, `m` of n times k."""

import textwrap

import gast
import pytest

from sct.analyses.filled import Filling

VECTOR, MATRIX = Filling("u", ("n",)), Filling("m", ("n", "k"))

FILLED = {
    "element by element": """
        for i in range(n):
            u[i] = x[i]
        s = u[0] + u[j]
    """,
    "by its length": """
        for i in range(len(u)):
            t = x[i] * 2.0
            u[i] = t
        helper(u)
    """,
    "read at the element that was stored to": """
        for i in range(n):
            u[i] = x[i]
            u[i] += u[i] * x[i]
            s = s + u[i]
    """,
    "in both arms": """
        for i in range(n):
            if x[i] > 0.0:
                u[i] = x[i]
            else:
                t = x[i] * 0.5
                u[i] = t
        s = u[n - 1]
    """,
    "in an inner loop each time round": """
        for j in range(k):
            for i in range(n):
                u[i] = x[i] - c[j]
            for i in range(n):
                for l in range(i):
                    s = s + u[i] * u[l]
    """,
    "filled again": """
        for i in range(n):
            u[i] = x[i]
        for i in range(n - 1):
            u[i] = u[i] + u[i + 1]
        s = u[0]
    """,
    "stored to before": """
        u[3] = 1.0
        for i in range(n):
            u[i] = x[i]
        s = u[3]
    """,
    "never read": """
        u[0] = x[0]
    """,
    "only its length": """
        s = len(u) + u.shape[0]
    """,
    "under a branch with its reader": """
        if c:
            for i in range(n):
                u[i] = x[i]
            s = u[j]
    """,
}

NOT_FILLED = {
    "read first": """
        s = u[0]
        for i in range(n):
            u[i] = x[i]
    """,
    "one element": """
        u[0] = x[0]
        s = u[1]
    """,
    "not the last": """
        for i in range(n - 1):
            u[i] = x[i]
        s = u[0]
    """,
    "another length": """
        for i in range(k):
            u[i] = x[i]
        s = u[0]
    """,
    "not the first": """
        for i in range(1, n):
            u[i] = x[i]
        s = u[0]
    """,
    "left early": """
        for i in range(n):
            u[i] = x[i]
            if x[i] > 1.0:
                break
        s = u[0]
    """,
    "under a condition": """
        for i in range(n):
            if x[i] > 0.0:
                u[i] = x[i]
        s = u[0]
    """,
    "in one arm": """
        if c:
            for i in range(n):
                u[i] = x[i]
        else:
            pass
        s = u[0]
    """,
    "in a loop that may not run": """
        for j in range(k):
            for i in range(n):
                u[i] = x[j]
        s = u[0]
    """,
    "in a while that may not run": """
        while c:
            for i in range(n):
                u[i] = x[i]
        s = u[0]
    """,
    "from what was there": """
        for i in range(n):
            u[i] = u[i] * 2.0
    """,
    "added to what was there": """
        for i in range(n):
            u[i] += x[i]
    """,
    "from the one after": """
        for i in range(n):
            u[i] = x[i]
            s = u[i + 1]
    """,
    "read in the next loop of one iteration": """
        for i in range(n):
            for j in range(n):
                s = s + u[j]
            u[i] = s
    """,
    "at a place it says itself": """
        u[u[0]] = x[0]
    """,
    "by a condition": """
        if u[0] > 0.0:
            pass
    """,
    "by the length of a loop": """
        for i in range(u[0]):
            pass
    """,
    "by a helper": """
        helper(u)
        for i in range(n):
            u[i] = x[i]
    """,
    "seen whole under another name": """
        v = u.T
    """,
}

MATRIX_FILLED = {
    "row by row": """
        for i in range(n):
            for j in range(k):
                m[i, j] = x[i, j]
            s = s + m[i, 0] * m[i, k - 1]
        s = s + m[0, 0]
    """,
    "all": """
        for i in range(len(m)):
            for j in range(m.shape[1]):
                m[i, j] = 0.0
        m[2, 1] += 1.0
    """,
}

MATRIX_NOT_FILLED = {
    "another row": """
        for i in range(n):
            for j in range(k):
                m[i, j] = x[i, j]
            s = s + m[j, 0]
    """,
    "the other way round": """
        for i in range(n):
            for j in range(k):
                m[j, i] = x[i, j]
        s = m[0, 0]
    """,
    "the diagonal": """
        for i in range(n):
            m[i, i] = x[i]
            s = s + m[i, i]
    """,
    "columns": """
        for j in range(k):
            for i in range(n):
                m[i, j] = x[i, j]
        s = m[0, 0]
    """,
}


def verdict(filling, text):
    return filling.before_read(gast.parse(textwrap.dedent(text)).body)


@pytest.mark.parametrize("case", FILLED)
def test_filled(case):
    assert verdict(VECTOR, FILLED[case])


@pytest.mark.parametrize("case", NOT_FILLED)
def test_not_filled(case):
    assert not verdict(VECTOR, NOT_FILLED[case])


@pytest.mark.parametrize("case", MATRIX_FILLED)
def test_matrix_filled(case):
    assert verdict(MATRIX, MATRIX_FILLED[case])


@pytest.mark.parametrize("case", MATRIX_NOT_FILLED)
def test_matrix_not_filled(case):
    assert not verdict(MATRIX, MATRIX_NOT_FILLED[case])
