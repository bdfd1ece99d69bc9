"""Adjoints of sums and reductions."""

from __future__ import annotations

import math

import numpy as np


def energy(x, w):
    x_bar = np.zeros_like(x)
    w_bar = np.zeros_like(w)
    s = 0.0
    for i in range(1, len(x)):
        if x[i] > x[i - 1]:
            d = x[i] - x[i - 1]
            s += w[i] * d**2
            w_bar[i] += d**2
            d_bar = 2.0 * w[i] * d
            x_bar[i] += d_bar
            x_bar[i - 1] -= d_bar
    return s, (x_bar, w_bar)


def scan(x):
    y = np.empty_like(x)
    sines = np.empty_like(x)
    y[0] = x[0]
    s = y[0]
    for i in range(1, len(x)):
        sines[i] = math.sin(x[i])
        y[i] = sines[i] * y[i - 1] + x[i]
        s += y[i]
    x_bar = np.empty_like(x)
    y_bar = 1.0
    for i in range(len(x) - 1, 0, -1):
        x_bar[i] = y_bar * (math.cos(x[i]) * y[i - 1] + 1.0)
        y_bar = 1.0 + y_bar * sines[i]
    x_bar[0] = y_bar
    return s, (x_bar,)


def black_scholes(spot, strike, volatility, years, rate):
    """The delta and the vega of every call."""
    spot_bar, volatility_bar = np.empty_like(spot), np.empty_like(spot)
    total = 0.0
    for i in range(len(spot)):
        root = math.sqrt(years[i])
        deviation = volatility[i] * root
        d1 = (math.log(spot[i] / strike[i]) + (rate + 0.5 * volatility[i] ** 2) * years[i]) / deviation
        below = 0.5 * (1.0 + math.erf(d1 / math.sqrt(2.0)))
        paid = strike[i] * math.exp(-rate * years[i]) * 0.5 * (1.0 + math.erf((d1 - deviation) / math.sqrt(2.0)))
        total += spot[i] * below - paid
        spot_bar[i] = below
        volatility_bar[i] = spot[i] * root * math.exp(-0.5 * d1 * d1) / math.sqrt(2.0 * math.pi)
    return total, (spot_bar, volatility_bar)


def conv(x, w):
    x_bar, w_bar = np.zeros_like(x), np.zeros_like(w)
    s = 0.0
    for i in range(len(x) - len(w) + 1):
        a = 0.0
        for j in range(len(w)):
            a += x[i + j] * w[j]
        s += a * a
        for j in range(len(w)):
            x_bar[i + j] += 2.0 * a * w[j]
            w_bar[j] += 2.0 * a * x[i + j]
    return s, (x_bar, w_bar)


def nbody(place, charge):
    place_bar, charge_bar = np.zeros_like(place), np.zeros_like(charge)
    s = 0.0
    for i in range(len(charge)):
        for j in range(i):
            dx, dy, dz = place[i, 0] - place[j, 0], place[i, 1] - place[j, 1], place[i, 2] - place[j, 2]
            near = 1.0 / math.sqrt(1e-3 + dx * dx + dy * dy + dz * dz)
            pair = charge[i] * charge[j] * near
            s += pair
            charge_bar[i] += charge[j] * near
            charge_bar[j] += charge[i] * near
            pull = pair * near * near
            place_bar[i, 0] -= pull * dx
            place_bar[i, 1] -= pull * dy
            place_bar[i, 2] -= pull * dz
            place_bar[j, 0] += pull * dx
            place_bar[j, 1] += pull * dy
            place_bar[j, 2] += pull * dz
    return s, (place_bar, charge_bar)
