"""The tool for GradBench: its answers are those that the protocol asks for, and its numbers are right.

One process answers everything; what it says is compared with closed forms, or with differences of the objectives that it gives.
"""

import json
import subprocess
import sys

import numpy as np
import pytest
from scipy.special import multigammaln

from sct.bench.gradbench.evals import EVALS
from sct.bench.gradbench.protocol import respond

RNG = np.random.default_rng(5)
STEP = 1e-5


def ask(module, function, given):
    answer = respond({"id": 0, "kind": "evaluate", "module": module, "function": function, "input": given})
    assert answer["success"], answer["error"]
    return answer["output"]


def moved(given, name, step):
    """The input with every number of one part moved, one after the other."""
    values = np.array(given[name], dtype=float)
    for k in range(values.size):
        changed = values.copy()
        changed.flat[k] += step
        yield given | {name: changed.tolist()}


def differences(module, function, given, name):
    up, down = (np.array([ask(module, function, g) for g in moved(given, name, s)]) for s in (STEP, -STEP))
    return (up - down) / (2.0 * STEP)


def agree(found, expected, tolerance=1e-8):
    np.testing.assert_allclose(np.ravel(found), np.ravel(expected), rtol=tolerance, atol=tolerance)


# the process


def test_the_process_answers_each_line_under_its_id():
    messages = [
        {"id": 0, "kind": "start", "eval": "hello"},
        {"id": 1, "kind": "define", "module": "hello"},
        {"id": 2, "kind": "evaluate", "module": "hello", "function": "square", "input": 3},
        {"id": 3, "kind": "evaluate", "module": "hello", "function": "double", "input": 9.0, "description": "9.0"},
        {"id": 4, "kind": "analysis", "of": 3, "valid": True},
        {"id": 5, "kind": "define", "module": "no_such_eval"},
        {"id": 6, "kind": "evaluate", "module": "hello", "function": "triple", "input": 9.0},
        {"id": 7, "kind": "evaluate", "module": "lse", "function": "gradient", "input": {"x": [1, 2], "min_runs": 3, "min_seconds": 0.0}},
        {"id": 8, "kind": "end"},
        {"id": 9, "kind": "start"},
    ]
    text = "".join(json.dumps(message) + "\n" for message in messages)
    done = subprocess.run([sys.executable, "-m", "sct.bench.gradbench"], input=text, capture_output=True, text=True, check=True)
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert [answer["id"] for answer in answers] == list(range(9)), done.stderr
    assert answers[0]["tool"] == "sct"
    assert answers[1] == {"id": 1, "success": True}
    assert [answers[k]["output"] for k in (2, 3)] == [9.0, 18.0]
    assert answers[4] == {"id": 4}
    assert not answers[5]["success"] and "no_such_eval" in answers[5]["error"]
    assert not answers[6]["success"] and "KeyError" in answers[6]["error"]
    assert [t["name"] for t in answers[7]["timings"]] == ["prepare", "evaluate", "evaluate", "evaluate"]
    assert all(isinstance(t["nanoseconds"], int) for t in answers[7]["timings"])


def test_runs_go_on_for_the_seconds_asked_for():
    answer = respond(
        {"id": 0, "kind": "evaluate", "module": "lse", "function": "primal", "input": {"x": [1.0, 2.0], "min_runs": 1, "min_seconds": 0.01}}
    )
    spent = [t["nanoseconds"] for t in answer["timings"] if t["name"] == "evaluate"]
    assert len(spent) > 1 and sum(spent) >= 1e7 > sum(spent[:-1])


def test_all_evals_are_there():
    assert set(EVALS) == {"hello", "gmm", "lstm", "kmeans", "lse", "ode", "llsq", "det", "ba", "ht", "particle", "saddle"}


# the numbers


def mixture(d=3, k=2, n=4):
    shapes = {"alpha": k, "mu": (k, d), "q": (k, d), "l": (k, d * (d - 1) // 2), "x": (n, d)}
    return {name: RNG.normal(size=shape).tolist() for name, shape in shapes.items()} | {"d": d, "k": k, "n": n, "m": 2, "gamma": 1.3}


def log_posterior(given):
    """Densities multiplied out, as the definition has them."""
    d, m, gamma = given["d"], given["m"], given["gamma"]
    shares = np.exp(given["alpha"]) / np.sum(np.exp(given["alpha"]))
    prior, densities = 0.0, np.zeros(given["n"])
    for share, mean, logs, packed in zip(shares, given["mu"], given["q"], given["l"], strict=True):
        factor = np.zeros((d, d))
        factor.T[np.triu_indices(d, 1)] = packed
        precision = (factor + np.diag(np.exp(logs))).T @ (factor + np.diag(np.exp(logs)))
        away = np.array(given["x"]) - mean
        determinant = np.linalg.det(precision)
        densities += share * np.sqrt(determinant / (2 * np.pi) ** d) * np.exp(-0.5 * np.einsum("ni,ij,nj->n", away, precision, away))
        freedom = d + m + 1
        prior += 0.5 * m * np.log(determinant) - 0.5 * gamma**2 * np.trace(precision)
        prior -= 0.5 * d * freedom * np.log(2.0) - d * freedom * np.log(gamma) + multigammaln(0.5 * freedom, d)
    return np.sum(np.log(densities)) + prior


def test_gmm():
    given = mixture()
    assert ask("gmm", "objective", given) == pytest.approx(log_posterior(given), rel=1e-12)
    found = ask("gmm", "jacobian", given)
    assert list(found) == ["alpha", "mu", "q", "l"]
    for name, gradient in found.items():
        assert np.shape(gradient) == np.shape(given[name])
        agree(gradient, differences("gmm", "objective", given, name), 1e-7)


def test_gmm_in_one_dimension_has_no_triangle():
    given = mixture(d=1)
    assert ask("gmm", "objective", given) == pytest.approx(log_posterior(given), rel=1e-12)
    assert ask("gmm", "jacobian", given)["l"] == [[], []]


def test_lstm():
    layers, width, count = 2, 3, 5
    shapes = {"main_params": (2 * layers, 4 * width), "extra_params": (3, width), "state": (2 * layers, width), "sequence": (count, width)}
    given = {name: RNG.normal(size=shape).tolist() for name, shape in shapes.items()}
    assert ask("lstm", "objective", given) == pytest.approx(lstm_loss(**{k: np.array(v) for k, v in given.items()}), rel=1e-12)
    expected = [differences("lstm", "objective", given, name) for name in ("main_params", "extra_params")]
    agree(ask("lstm", "jacobian", given), np.concatenate(expected))


def lstm_loss(main_params, extra_params, state, sequence):
    def sigmoid(x):
        return 1.0 / (1.0 + np.exp(-x))

    hidden, cell, total = list(state[0::2]), list(state[1::2]), 0.0
    for now, following in zip(sequence[:-1], sequence[1:], strict=True):
        x = now * extra_params[0]
        for n in range(len(hidden)):
            w, b = np.split(main_params[2 * n], 4), np.split(main_params[2 * n + 1], 4)
            cell[n] = cell[n] * sigmoid(x * w[0] + b[0]) + sigmoid(hidden[n] * w[1] + b[1]) * np.tanh(hidden[n] * w[3] + b[3])
            x = hidden[n] = sigmoid(x * w[2] + b[2]) * np.tanh(cell[n])
        predicted = x * extra_params[1] + extra_params[2]
        total += np.sum(following * (predicted - np.log(2.0 + np.sum(np.exp(predicted)))))
    return -total / sequence[1:].size


def test_kmeans_steps_from_the_means_of_the_clusters():
    points = RNG.random((20, 3))
    given = {"points": points.tolist(), "centroids": points[-4:].tolist()}
    squares = np.sum((points[:, None] - points[-4:]) ** 2, axis=2)
    assert ask("kmeans", "cost", given) == pytest.approx(np.sum(np.min(squares, axis=1)), rel=1e-12)
    nearest = np.argmin(squares, axis=1)
    agree(ask("kmeans", "dir", given), [points[16 + k] - np.mean(points[nearest == k], axis=0) for k in range(4)], 1e-12)


def test_lse():
    x = RNG.normal(size=6) + 900.0
    powers = np.exp(x - 900.0)
    assert ask("lse", "primal", {"x": x.tolist()}) == pytest.approx(900.0 + np.log(np.sum(powers)), rel=1e-14)
    agree(ask("lse", "gradient", {"x": x.tolist()}), powers / np.sum(powers), 1e-12)


def test_ode_has_the_products_of_its_rates():
    """Exactly, while there are at most four: Runge-Kutta's step is right for polynomials of that degree."""
    x = RNG.uniform(0.5, 2.0, 4)
    given = {"x": x.tolist(), "s": 3}
    values = np.cumprod(x) * 2.0 ** np.arange(1, 5) / [1.0, 2.0, 6.0, 24.0]
    agree(ask("ode", "primal", given), values, 1e-12)
    agree(ask("ode", "gradient", given), values[-1] / x, 1e-12)


def test_llsq():
    x, n = RNG.normal(size=4), 9
    t = np.linspace(-1.0, 1.0, n)
    powers = t[:, None] ** np.arange(4)
    error = np.sign(t) - powers @ x
    assert ask("llsq", "primal", {"x": x.tolist(), "n": n}) == pytest.approx(0.5 * error @ error, rel=1e-12)
    agree(ask("llsq", "gradient", {"x": x.tolist(), "n": n}), -powers.T @ error, 1e-12)


def test_det():
    a = RNG.normal(size=(4, 4))
    given = {"A": a.ravel().tolist(), "ell": 4}
    assert ask("det", "primal", given) == pytest.approx(np.linalg.det(a), rel=1e-12)
    agree(ask("det", "gradient", given), np.linalg.det(a) * np.linalg.inv(a).T, 1e-11)


SCENE = {
    "n": 2, "m": 3, "p": 7, "w": 0.7, "x": [0.3, -0.2, 9.0], "feat": [0.1, 0.4],
    "cam": [0.1, -0.2, 0.3, 0.4, 0.1, -1.0, 1.5, 0.2, 0.3, 0.05, -0.02],
}  # fmt: skip


def test_ba_objective():
    found = ask("ba", "objective", SCENE)
    c, x = np.array(SCENE["cam"]), np.array(SCENE["x"])
    angle = np.linalg.norm(c[:3])
    nx, ny, nz = c[:3] / angle
    cross = np.array([[0.0, -nz, ny], [nz, 0.0, -nx], [-ny, nx, 0.0]])
    seen = (np.eye(3) + np.sin(angle) * cross + (1.0 - np.cos(angle)) * cross @ cross) @ (x - c[3:6])
    flat = seen[:2] / seen[2]
    r = flat @ flat
    errors = 0.7 * (flat * (1.0 + c[9] * r + c[10] * r * r) * c[6] + c[7:9] - SCENE["feat"])
    agree(found["reproj_error"]["elements"], errors, 1e-12)
    assert found["reproj_error"]["repeated"] == found["w_err"]["repeated"] == 7
    assert found["w_err"]["element"] == pytest.approx(1.0 - 0.49)


def test_ba_jacobian_in_compressed_rows():
    found = ask("ba", "jacobian", SCENE)
    first = np.reshape(found["vals"][:30], (2, 15))
    expected = np.concatenate([errors_moved("cam"), errors_moved("x"), errors_moved("w")]).T
    agree(first, expected)
    assert found["rows"][:4] == [0, 15, 30, 45] and found["rows"][-1] == 7 * 30 + 7
    assert found["cols"][:15] == found["cols"][15:30] == [*range(11), *range(22, 25), 22 + 9]
    assert found["cols"][-1] == 22 + 9 + 6
    assert found["vals"][-1] == pytest.approx(-2.0 * 0.7)


def errors_moved(name):
    up, down = (
        [ask("ba", "objective", given | {"w": np.ravel(given["w"])[0]})["reproj_error"]["elements"] for given in moved(SCENE, name, step)]
        for step in (STEP, -STEP)
    )
    return (np.array(up) - np.array(down)) / (2.0 * STEP)


def hand(us, mirrored):
    vertices, points = 8, 3
    relatives = RNG.normal(size=(22, 4, 4))
    relatives[:, 3] = (0.0, 0.0, 0.0, 1.0)
    inverses = RNG.normal(0.0, 0.3, (22, 4, 4))
    inverses[:, 3] = (0.0, 0.0, 0.0, 1.0)
    model = {
        "bone_count": 22, "bone_names": [str(k) for k in range(22)], "parents": [-1, *(k // 3 for k in range(21))],
        "base_relatives": relatives.tolist(), "inverse_base_absolutes": inverses.tolist(),
        "base_positions": np.hstack([RNG.normal(size=(vertices, 3)), np.ones((vertices, 1))]).tolist(),
        "weights": RNG.random((vertices, 22)).tolist(), "triangles": [[0, 1, 2], [3, 4, 5], [5, 6, 7]], "is_mirrored": mirrored,
    }  # fmt: skip
    data = {"model": model, "correspondences": [2, 0, 1], "points": RNG.normal(size=(points, 3)).tolist()}
    return {"theta": RNG.normal(0.0, 0.5, 26).tolist(), "data": data, "us": RNG.random((points, 2)).tolist() if us else []}


def euler(x, z, y):
    cos, sin = np.cos, np.sin
    about_x = np.array([[1, 0, 0], [0, cos(x), -sin(x)], [0, sin(x), cos(x)]])
    about_y = np.array([[cos(y), 0, sin(y)], [0, 1, 0], [-sin(y), 0, cos(y)]])
    about_z = np.array([[cos(z), -sin(z), 0], [sin(z), cos(z), 0], [0, 0, 1]])
    return about_z @ about_y @ about_x


def skin(given):
    """The vertices by products of matrices."""
    theta, model = np.array(given["theta"]), given["data"]["model"]
    pose = np.zeros((22, 3))
    for finger in range(5):
        a, b, c, d = theta[6 + 4 * finger : 10 + 4 * finger]
        pose[2 + 4 * finger, :2], pose[3 + 4 * finger, 0], pose[4 + 4 * finger, 0] = (a, b), c, d
    absolutes, places = [], 0.0
    for k, parent in enumerate(model["parents"]):
        own = np.eye(4)
        own[:3, :3] = euler(*pose[k])
        relative = np.array(model["base_relatives"][k]) @ own
        absolutes.append(relative if parent < 0 else absolutes[parent] @ relative)
        at = np.array(model["base_positions"]) @ (absolutes[k] @ model["inverse_base_absolutes"][k]).T
        places = places + at[:, :3] * np.array(model["weights"])[:, k : k + 1]
    places = places * [-1.0 if model["is_mirrored"] else 1.0, 1.0, 1.0]
    angle = np.linalg.norm(theta[:3])
    nx, ny, nz = theta[:3] / angle
    cross = np.array([[0.0, -nz, ny], [nz, 0.0, -nx], [-ny, nx, 0.0]])
    return places @ (np.eye(3) + np.sin(angle) * cross + (1.0 - np.cos(angle)) * cross @ cross).T + theta[3:6]


@pytest.mark.slow
@pytest.mark.parametrize("mirrored", [False, True])
def test_ht_with_vertices(mirrored):
    given = hand(us=False, mirrored=mirrored)
    expected = np.array(given["data"]["points"]) - skin(given)[given["data"]["correspondences"]]
    agree(ask("ht", "objective", given), expected, 1e-11)
    found = ask("ht", "jacobian", given)
    assert np.shape(found) == (9, 26)
    agree(found, differences("ht", "objective", given, "theta").T, 1e-7)


@pytest.mark.slow
def test_ht_with_places_in_triangles():
    given = hand(us=True, mirrored=False)
    us = np.array(given["us"])
    corners = skin(given)[np.array(given["data"]["model"]["triangles"])[given["data"]["correspondences"]]]
    shares = np.hstack([us, 1.0 - us.sum(axis=1, keepdims=True)])
    agree(ask("ht", "objective", given), np.array(given["data"]["points"]) - np.einsum("nc,ncr->nr", shares, corners), 1e-11)
    found = np.array(ask("ht", "jacobian", given))
    assert found.shape == (9, 28)
    agree(found[:, 2:], differences("ht", "objective", given, "theta").T, 1e-7)
    agree(found[:, :2].reshape(3, 3, 2), (corners[:, 2:] - corners[:, :2]).transpose(0, 2, 1), 1e-11)


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("modes", ["rr", *(pytest.param(modes, marks=pytest.mark.slow) for modes in ("ff", "fr", "rf"))])
def test_particle_meets_the_origin(modes):
    """GradBench's own expectation."""
    assert ask("particle", modes, {"w": 0.0}) == pytest.approx(0.2071918746486116, abs=1e-12)


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("modes", ["ff", "fr", "rf", "rr"])
def test_saddle_is_at_the_origin(modes):
    """GradBench's own expectation, which ends where the descent does."""
    assert ask("saddle", modes, {"start": [1.0, 1.0]}) == pytest.approx([8.246324826140356e-06] * 4, abs=1e-12)
