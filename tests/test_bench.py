"""The benchmark: every program right in every method that is installed, and a table that says what it measured."""

import importlib.util
import json

import numba
import numpy as np
import pytest

import sct
from sct import cli
from sct.backends import cache
from sct.bench import by_hand, measure, peers, report, table, with_arrays
from sct.bench.problems import CASES

BY_NAME = {case.name: case for case in CASES}
REPORT = {"date": "today", "machine": "this", "versions": {}, "missing": [], "methods": ["sct"], "small_only": [], "means": [], "results": []}
SLOW = {
    *("det", "ht_simple", "ht_complicated", "saddle", "cavity"),
    *(f"{name}_slices" for name in ("cholesky", "heat_3d", "fdtd", "hdiff", "vadv", "adi", "cavity")),
}
case_by_case = pytest.mark.parametrize(
    "case", [pytest.param(case, marks=[pytest.mark.slow] * (case.name in SLOW), id=case.name) for case in CASES]
)


def test_names_are_those_of_programs():
    assert len(BY_NAME) == len(CASES)
    assert set(with_arrays.PROGRAMS) | set(by_hand.ADJOINTS) <= set(BY_NAME)


@pytest.mark.filterwarnings("ignore::sct.errors.DiscreteWarning")
@case_by_case
def test_gradient_agrees_with_every_method(case):
    others = [peers.OTHERS[name] for name in ("hand", "tape", "finite")]
    result, runs = measure.compare(case, case.small, case.at(case.small), [p for p in others if p.installed])
    assert "sct" in runs, result.notes
    assert not result.wrong, result.notes


@pytest.mark.parametrize("peer", ["autograd", "torch", "jax"])
@pytest.mark.parametrize("name", with_arrays.PROGRAMS)
def test_peers_differentiate_the_same_mathematics(name, peer):
    """Their gradients along a random direction against the slope of the primal."""
    pytest.importorskip(peer)
    case = BY_NAME[name]
    args = case.at(case.small)
    gradients = peers.OTHERS[peer].prepare(case, args)()
    assert measure.matches_differences(case.function, case, args, gradients)


IN_BOTH_STYLES = [name.removesuffix("_slices") for name in BY_NAME if name.endswith("_slices")]


@pytest.mark.parametrize("name", IN_BOTH_STYLES)
def test_loops_and_slices_compute_the_same(name):
    case = BY_NAME[name]
    args = case.at(case.small)
    assert BY_NAME[f"{name}_slices"].function(*args) == pytest.approx(case.function(*args), rel=1e-12)


@pytest.mark.parametrize("name", by_hand.ADJOINTS)
def test_adjoints_by_hand_compute_the_value_too(name):
    case = BY_NAME[name]
    args = case.at(case.small)
    assert by_hand.ADJOINTS[name](*args)[0] == pytest.approx(case.function(*args), rel=1e-13)


def test_a_wrong_gradient_is_not_timed(monkeypatch):
    right = sct.value_and_grad
    monkeypatch.setattr(peers.sct, "value_and_grad", lambda f, argnums: _doubled(right(f, argnums=argnums)))
    result = measure.measure(BY_NAME["scan"], (20,), [], budget=0.0)
    assert result.wrong
    assert "sct" not in result.seconds


def _doubled(derivative):
    return lambda *args: (0.0, tuple(2.0 * g for g in derivative(*args)[1]))


def test_a_wrong_peer_is_not_timed():
    wrong = peers.Peer("wrong", None, lambda case, args: lambda: (np.zeros_like(args[0]),))
    result = measure.measure(BY_NAME["scan"], (20,), [wrong], budget=0.0)
    assert result.notes == {"wrong": "wrong"}
    assert "sct" in result.seconds


def test_command_line(tmp_path, capsys, monkeypatch):
    monkeypatch.setitem(cli.SUITES, "loops", (BY_NAME["scan"], BY_NAME["logsumexp"]))
    file, picture = tmp_path / "bench.json", tmp_path / "bench.png"
    page = tmp_path / "page.md"
    page.write_text(f"before\n{table.BEGIN}\nold\n{table.END}\nafter\n")
    options = ["--markdown", str(page), "--sizes", "small", "--against", "tape", "--suite", "loops", "--json", str(file)]
    if importlib.util.find_spec("matplotlib") is not None:
        options += ["--plot", str(picture)]
    assert cli.main(["bench", *options]) == 0
    assert picture.exists() == ("--plot" in options)
    shown = capsys.readouterr().out
    assert "geometric mean (sct, rows)" in shown
    assert "scan" in shown and "logsumexp" in shown and "tape" in shown
    assert page.read_text().startswith(f"before\n{table.BEGIN}\n\n| suite | program |")
    assert page.read_text().endswith(f"\n\n{table.END}\nafter\n") and "old" not in page.read_text()
    figures = json.loads(file.read_text())
    assert [(m["scope"], m["method"], m["rows"]) for m in figures["means"]] == [
        *(("loops", "sct", 2), ("all suites", "sct", 2), ("loops", "tape", 2), ("all suites", "tape", 2)),
    ]
    rows = figures["results"]
    assert [row["program"] for row in rows] == ["scan", "logsumexp"]
    assert all(row["ratios"]["sct"] > 0.0 for row in rows)


def test_unknown_method_is_refused(capsys):
    with pytest.raises(SystemExit):
        cli.main(["bench", "--against", "mathematica"])
    assert "'mathematica' is none of hand, autograd, torch" in capsys.readouterr().err


def test_a_page_without_markers_is_refused(tmp_path):
    page = tmp_path / "page.md"
    page.write_text(table.BEGIN)
    with pytest.raises(ValueError, match="has no lines"):
        table.write_markdown(REPORT, page)
    assert page.read_text() == table.BEGIN


def test_means_are_geometric_and_over_the_same_rows():
    rows = [
        {"suite": "loops", "kind": "gradient", "ratios": {"sct": 2.0, "hand": 3.0}},
        {"suite": "loops", "kind": "gradient", "ratios": {"sct": 8.0}},
        {"suite": "loops", "kind": "Jacobian", "ratios": {"sct": 40.0}},
        {"suite": "arrays", "kind": "gradient", "ratios": {"sct": 32.0}},
    ]
    found = {(m["scope"], m["method"]): (m["rows"], m["mean"], m["sct"]) for m in report.means(["sct", "hand"], rows)}
    assert found["loops", "sct"] == (2, pytest.approx(4.0), pytest.approx(4.0))
    assert found["all suites", "sct"] == (3, pytest.approx(8.0), pytest.approx(8.0))
    assert found["loops", "hand"] == (1, pytest.approx(3.0), pytest.approx(2.0))
    assert found["Jacobians", "sct"] == (1, pytest.approx(40.0), pytest.approx(40.0))
    assert ("arrays", "hand") not in found


def test_missing_peer_is_said(monkeypatch):
    monkeypatch.setitem(report.OTHERS, "torch", peers.Peer("torch", "no_such_module", lambda case, args: None))
    measured = report.run("small", ["torch"], {"gradbench": [BY_NAME["logsumexp"]]})
    assert "Left out, not installed: torch." in table.text(measured)


def test_help_and_version(capsys):
    assert cli.main([]) == 0
    assert "bench" in capsys.readouterr().out
    assert cli.main(["version"]) == 0
    assert capsys.readouterr().out.strip()


def test_primals_are_compiled_as_their_user_would_and_as_the_derivatives_are():
    primal = BY_NAME["gmm"].function
    assert peers.compiled(primal).targetoptions == numba.njit(primal).targetoptions
    assert peers.FLAGS.items() <= peers.compiled(primal, as_generated=True).targetoptions.items()
    assert eval(f"dict({cache.options()})") == {"cache": True, **peers.FLAGS}
