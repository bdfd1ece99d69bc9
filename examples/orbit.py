"""Find a planet's position and velocity from noisy sightings, by the gradient of thousands of leapfrog steps.

The orbit is integrated from an unknown initial state; the misfit to the observed positions is minimised with
SciPy, which takes its exact gradient from sct: one reverse sweep through the whole time loop.

    python examples/orbit.py             # writes orbit.png
"""

import argparse
import math
import time

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt
import numpy as np
from numba import njit
from scipy.optimize import minimize

import sct

GM = 4.0 * math.pi**2  # of the Sun, in astronomical units and years
TRUTH = np.array([1.0, 0.2, -1.1, 5.6])  # x, y, their rates of change: an ellipse run through in 0.83 years
GUESS = np.array([0.9, 0.0, -0.5, 6.0])


@njit
def leapfrog(x, y, vx, vy, dt):
    """Drift half a step, kick, drift half a step."""
    x += 0.5 * dt * vx
    y += 0.5 * dt * vy
    pull = GM / (x * x + y * y) ** 1.5
    vx -= dt * pull * x
    vy -= dt * pull * y
    x += 0.5 * dt * vx
    y += 0.5 * dt * vy
    return x, y, vx, vy


@njit
def misfit(start, observed, every, dt):
    """Mean squared distance to `observed`, one sighting every `every` leapfrog steps of `dt` years."""
    x, y, vx, vy = start[0], start[1], start[2], start[3]
    total = 0.0
    for n in range(len(observed)):
        for _ in range(every):
            x, y, vx, vy = leapfrog(x, y, vx, vy, dt)
        total += (x - observed[n, 0]) ** 2 + (y - observed[n, 1]) ** 2
    return total / len(observed)


@njit
def orbit(start, steps, dt):
    """The positions after each of `steps` leapfrog steps."""
    x, y, vx, vy = start
    path = np.empty((steps, 2))
    for n in range(steps):
        x, y, vx, vy = leapfrog(x, y, vx, vy, dt)
        path[n, 0] = x
        path[n, 1] = y
    return path


def fit(observed, every, dt):
    """The initial state that fits best, and SciPy's report."""
    misfit_and_gradient = sct.value_and_grad(misfit)
    result = minimize(misfit_and_gradient, GUESS, args=(observed, every, dt), jac=True, method="BFGS")
    return result.x, result


def plot(paths, observed, output):
    """One panel per entry of `paths`: title -> positions."""
    figure, panels = plt.subplots(1, len(paths), figsize=(5 * len(paths), 5), sharex=True, sharey=True)
    for panel, (title, path) in zip(panels, paths.items(), strict=True):
        panel.plot(path[:, 0], path[:, 1], lw=0.8, color="tab:blue", label="orbit")
        panel.plot(observed[:, 0], observed[:, 1], "x", ms=4, color="tab:red", label="observed")
        panel.plot(0.0, 0.0, "o", color="goldenrod", ms=10)
        panel.set(title=title, xlabel="x (au)", aspect="equal")
    panels[0].set_ylabel("y (au)")
    panels[0].legend(loc="lower right")
    figure.tight_layout()
    figure.savefig(output, dpi=120)
    plt.close(figure)


def main(short=False, output="orbit.png"):
    """Fit and plot; return the largest error of the state found."""
    rng = np.random.default_rng(1)
    every, dt, sightings = (20, 2e-3, 20) if short else (100, 2e-4, 60)
    steps = every * sightings
    exact = orbit(TRUTH, steps, dt)
    observed = exact[every - 1 :: every] + rng.normal(0.0, 0.01, (sightings, 2))

    began = time.perf_counter()
    found, report = fit(observed, every, dt)
    error = float(np.max(np.abs(found - TRUTH)))
    print(
        f"{steps} leapfrog steps, {sightings} sightings: misfit {misfit(GUESS, observed, every, dt):.3g} -> "
        f"{report.fun:.3g} after {report.nfev} gradients, largest error of the state {error:.3g}, "
        f"{time.perf_counter() - began:.1f} s"
    )
    paths = {"first guess": orbit(GUESS, steps, dt), "fitted": orbit(found, steps, dt)}
    plot(paths, observed, output)
    print(f"plot: {output}")
    return error


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Fit the initial state of a planet to noisy positions.")
    parser.add_argument("--short", action="store_true", help="fewer steps and sightings")
    parser.add_argument("--output", default="orbit.png", metavar="PNG", help="the plot (default: %(default)s)")
    options = parser.parse_args()
    main(short=options.short, output=options.output)
