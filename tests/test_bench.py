"""The benchmark: every program right in every method that is installed, and a table that says what it measured."""

import importlib.util
import json

import numpy as np
import pytest

import sct
from sct import cli
from sct.backends import cache
from sct.bench import by_hand, measure, peers, report, with_arrays
from sct.bench.programs import CASES

BY_NAME = {case.name: case for case in CASES}
case_by_case = pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)


def test_names_are_those_of_programs():
    assert len(BY_NAME) == len(CASES)
    assert set(with_arrays.PROGRAMS) | set(by_hand.ADJOINTS) <= set(BY_NAME)


@case_by_case
def test_gradient_agrees_with_every_method(case):
    others = [peers.HAND, peers.OTHERS["tape"], peers.OTHERS["autograd"]]
    result = measure.measure(case, case.small, [p for p in others if p.installed], budget=0.0)
    assert "sct" in result.seconds, result.notes
    assert not result.wrong, result.notes


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
    options = ["--sizes", "small", "--against", "tape", "--suite", "loops", "--json", str(file)]
    if importlib.util.find_spec("matplotlib") is not None:
        options += ["--plot", str(picture)]
    assert cli.main(["bench", *options]) == 0
    assert picture.exists() == ("--plot" in options)
    shown = capsys.readouterr().out
    assert "Geometric mean of sct over 2 programs" in shown
    assert "scan" in shown and "logsumexp" in shown and "tape" in shown
    rows = json.loads(file.read_text())["results"]
    assert [row["program"] for row in rows] == ["scan", "logsumexp"]
    assert all(row["ratios"]["sct"] > 0.0 for row in rows)


def test_unknown_method_is_refused(capsys):
    with pytest.raises(SystemExit):
        cli.main(["bench", "--against", "jax"])
    assert "'jax' is none of tape, autograd, torch" in capsys.readouterr().err


def test_missing_peer_is_said(monkeypatch):
    monkeypatch.setitem(report.OTHERS, "torch", peers.Peer("torch", "no_such_module", lambda case, args: None))
    measured = report.run("small", ["torch"], [BY_NAME["logsumexp"]])
    assert "Left out, not installed: torch." in report.table(measured)


def test_help_and_version(capsys):
    assert cli.main([]) == 0
    assert "bench" in capsys.readouterr().out
    assert cli.main(["version"]) == 0
    assert capsys.readouterr().out.strip()


def test_primals_are_compiled_as_the_derivatives_are():
    assert eval(f"dict({cache.options()})") == {"cache": True, **peers.FLAGS}
