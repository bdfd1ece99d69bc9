"""Races of `prange` in the user's function: refused at their line; loops that have none are differentiated."""

import numba
import numpy as np
import pytest
from numba import prange

import sct
from sct.errors import UnsupportedSyntax
from sct.reference.dual import dual_gradient
from tests.harness import REGROUPED, assert_close

RNG = np.random.default_rng(9)
X, AT = RNG.normal(size=6), np.array([0, 2, 0, 1, 2, 2])


def one_place(x, at):
    b = np.zeros(3)
    for i in prange(len(x)):
        b[0] += x[i]  # race
    return np.sum(b * b)


def by_data(x, at):
    b = np.zeros(3)
    for i in prange(len(x)):
        k = at[i]
        b[k] += x[i]  # race
    return np.sum(b * b)


def by_data_written_out(x, at):
    b = np.zeros((3, 2))
    for i in numba.prange(len(x)):
        b[at[i]][1] = b[at[i]][1] + x[i]  # race
    return np.sum(b * b)


def every_row(x, at):
    b = np.zeros((3, 2))
    for i in prange(len(x)):
        for j in range(3):
            b[j, 1] -= x[i] * j  # race
    return np.sum(b * b)


def by_remainder(x, at):
    b = np.zeros(3)
    for i in prange(len(x)):
        b[i % 3] *= x[i]  # race
    return np.sum(b)


def last_wins(x, at):
    b = np.zeros(3)
    k = 1
    for i in prange(len(x)):
        b[k] = x[i]  # race
    return b[1]


def all_elements(x, at):
    b = np.zeros(3)
    for i in prange(len(x)):
        b[:] += x[i]  # race
    return np.sum(b)


def in_a_helper(x, at):
    return 2.0 * one_place(x, at)


@pytest.mark.parametrize(
    "function", [one_place, by_data, by_data_written_out, every_row, by_remainder, last_wins, all_elements, in_a_helper]
)
def test_races_are_refused(function):
    with pytest.raises(UnsupportedSyntax, match="same element at the same time") as caught:
        sct.grad(function)(X, AT)
    assert "# race" in str(caught.value)
    assert "write `range`" in str(caught.value)


def own_places(x, at):
    """Its own element, in several ways; an array of the iteration; rows that data bound."""
    n = len(x)
    b, c, d, e = np.zeros(n), np.zeros((n, 3)), np.zeros(2 * n + 2), np.zeros(n + 1)
    total = 0.0
    for i in prange(n):
        b[i] += x[i]
        k = 2 * i + 1
        d[k] += x[i] * x[i]
        e[n - 1 - i + 1] = 0.5 * x[i]
        c[i][at[i]] += x[i]
        own = np.zeros(3)
        own[at[i]] += x[i]
        own[0] += 1.0
        row = c[i]
        row[1] += b[i]
        for j in range(k, k + 1):
            d[j] += b[i]
        total += own[2] * own[0] + row[1]
    return total + np.sum(b * b) + np.sum(c * c) + np.sum(d) + np.sum(e)


def test_own_places_are_right():
    assert_close((sct.grad(own_places)(X, AT),), dual_gradient(own_places, (X, AT), (0,)), REGROUPED, "")


def test_range_is_not_refused():
    def histogram(x, at):
        b = np.zeros(3)
        for i in range(len(x)):
            b[at[i]] += x[i]
        return np.sum(b * b)

    assert_close((sct.grad(histogram, parallel=True)(X, AT),), dual_gradient(histogram, (X, AT), (0,)), REGROUPED, "")
