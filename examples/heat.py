"""Recover a hidden conductivity field from the temperatures it leaves behind.

A plate is heated in a few places, one experiment each; the heat spreads by a nonlinear equation (hot material conducts
better) for hundreds of steps, in place. From the noisy temperatures at the end, L-BFGS finds the conductivity of every
cell, with the gradient that sct derives from the time loop.

    python examples/heat.py              # writes heat.png
"""

import argparse
import time

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt
import numpy as np
from numba import njit
from scipy.optimize import minimize

import sct

DT = 0.1  # in units of cell size squared over conductivity
NOISE = 1e-3  # of the thermometer
SMOOTHING = 0.02


@njit
def add_flux(u, k, change):
    """Add to `change` what flows into each cell through its four faces; no heat crosses the edge of the plate."""
    rows, columns = u.shape
    for i in range(rows):
        for j in range(columns):
            here = k[i, j] * (1.0 + u[i, j])
            if i + 1 < rows:
                flow = 0.5 * (here + k[i + 1, j] * (1.0 + u[i + 1, j])) * (u[i + 1, j] - u[i, j])
                change[i, j] += flow
                change[i + 1, j] -= flow
            if j + 1 < columns:
                flow = 0.5 * (here + k[i, j + 1] * (1.0 + u[i, j + 1])) * (u[i, j + 1] - u[i, j])
                change[i, j] += flow
                change[i, j + 1] -= flow


@njit
def spread(u, k, steps):
    """Advance the temperatures `u` in place by explicit Euler steps."""
    rows, columns = u.shape
    change = np.zeros((rows, columns))
    for _ in range(steps):
        add_flux(u, k, change)
        for i in range(rows):
            for j in range(columns):
                u[i, j] += DT * change[i, j]
                change[i, j] = 0.0


@njit
def roughness(k):
    s = 0.0
    for i in range(k.shape[0]):
        for j in range(k.shape[1]):
            if i > 0:
                s += (k[i, j] - k[i - 1, j]) ** 2
            if j > 0:
                s += (k[i, j] - k[i, j - 1]) ** 2
    return s


@njit
def objective(k, heated, measured, steps):
    """Mean squared error of the final temperatures, in units of the noise, and a little smoothing."""
    total = 0.0
    for e in range(len(heated)):
        u = heated[e].copy()
        spread(u, k, steps)
        for i in range(u.shape[0]):
            for j in range(u.shape[1]):
                total += ((u[i, j] - measured[e, i, j]) / NOISE) ** 2
    return total / measured.size + SMOOTHING * roughness(k)


def true_conductivity(size):
    """A good conductor with a poor disc and a poor bar in it."""
    y, x = np.mgrid[0:size, 0:size] / (size - 1)
    k = np.full((size, size), 1.0)
    k[(x - 0.3) ** 2 + (y - 0.35) ** 2 < 0.04] = 0.3
    k[(np.abs(x - 0.75) < 0.08) & (y > 0.3)] = 0.5
    return k


def experiments(size):
    """Initial temperatures: one hot spot per experiment, on a 3 x 3 grid of places."""
    y, x = np.mgrid[0:size, 0:size] / (size - 1)
    places = [(a, b) for a in (0.2, 0.5, 0.8) for b in (0.2, 0.5, 0.8)]
    return np.array([np.exp(-((x - a) ** 2 + (y - b) ** 2) / 0.02) for a, b in places])


def measure(k, heated, steps, rng):
    """The final temperatures with the noise of the thermometer."""
    final = heated.copy()
    for u in final:
        spread(u, k, steps)
    return final + rng.normal(0.0, NOISE, final.shape)


def recover(heated, measured, steps, iterations):
    """The conductivity of every cell, and SciPy's report."""
    objective_and_gradient = sct.value_and_grad(objective)
    shape = measured.shape[1:]

    def flat(k):
        value, gradient = objective_and_gradient(k.reshape(shape), heated, measured, steps)
        return value, gradient.ravel()

    start = np.full(measured[0].size, 0.8)
    bounds = [(0.05, 1.2)] * start.size
    options = {"maxiter": iterations}
    result = minimize(flat, start, jac=True, method="L-BFGS-B", bounds=bounds, options=options)
    return result.x.reshape(shape), result


def plot(fields, output):
    """One panel per entry of `fields`: title -> conductivity."""
    figure, panels = plt.subplots(1, len(fields), figsize=(4 * len(fields), 3.6), constrained_layout=True)
    for panel, (title, k) in zip(panels, fields.items(), strict=True):
        image = panel.imshow(k, vmin=0.2, vmax=1.1, cmap="viridis")
        panel.set(title=title, xticks=[], yticks=[])
    figure.colorbar(image, ax=panels, label="conductivity")
    figure.savefig(output, dpi=120)
    plt.close(figure)


def main(short=False, output="heat.png"):
    """Recover and plot; return the mean error of the conductivity found, relative to that of the first guess."""
    rng = np.random.default_rng(2)
    size, steps, iterations = (8, 40, 40) if short else (24, 200, 200)
    k, heated = true_conductivity(size), experiments(size)
    measured = measure(k, heated, steps, rng)

    began = time.perf_counter()
    found, report = recover(heated, measured, steps, iterations)
    guess = np.full_like(k, 0.8)
    error = float(np.mean(np.abs(found - k)) / np.mean(np.abs(guess - k)))
    print(
        f"{k.size} unknown conductivities, {len(heated)} experiments of {steps} steps: objective "
        f"{objective(guess, heated, measured, steps):.3g} -> {report.fun:.3g} after {report.nfev} gradients, "
        f"mean error down to {100 * error:.0f} % of the guess's, {time.perf_counter() - began:.1f} s"
    )
    plot({"hidden": k, "first guess": guess, "recovered": found}, output)
    print(f"plot: {output}")
    return error


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Recover a conductivity field from final temperatures.")
    parser.add_argument("--short", action="store_true", help="a small plate and few iterations")
    parser.add_argument("--output", default="heat.png", metavar="PNG", help="the plot (default: %(default)s)")
    options = parser.parse_args()
    main(short=options.short, output=options.output)
