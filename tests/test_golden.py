"""Generated derivatives as text: what a user would read. `SCT_UPDATE_GOLDEN=1 pytest tests/test_golden.py` writes them anew."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from numba import typeof

from sct import pipeline
from tests.programs import PROGRAMS

FOLDER = Path(__file__).parent / "golden"
GOLDEN = [
    ("energy", "grad"), ("horner", "grad"), ("fibonacci_swap", "grad"), ("ternaries", "grad"), ("leapfrog", "value_and_grad"),
    ("scan", "grad"), ("trap_tape_order", "grad"), ("break_on_sum", "grad"), ("newton_sqrt", "grad"), ("heat", "grad"),
    ("seidel", "grad"), ("jacobi_2d", "grad"), ("conv", "grad"), ("pair_energy", "grad"), ("n_body", "grad"), ("black_scholes", "grad"),
    ("in_place_helper_in_loop", "grad"), ("energy", "jvp"), ("heat", "jvp"), ("black_scholes", "jvp"), ("elementwise", "vjp"),
    ("dynamic_time_warping", "grad"), ("tree_product", "grad"),
]


def generated(name, mode):
    program = next(p for p in PROGRAMS if p.name == name)
    made = pipeline.generate(program.function, tuple(typeof(a) for a in program.args()), mode, program.argnums)
    return re.sub(r"\S*/(\w+\.py)", r"\1", made.text)


@pytest.mark.parametrize(("name", "mode"), GOLDEN)
def test_golden(name, mode):
    path = FOLDER / f"{name}_{mode}.py"
    found = generated(name, mode)
    if os.environ.get("SCT_UPDATE_GOLDEN"):
        path.parent.mkdir(exist_ok=True)
        path.write_text(found)
    assert found == path.read_text()


def test_every_golden_file_is_compared():
    assert {p.stem for p in FOLDER.glob("*.py")} == {f"{name}_{mode}" for name, mode in GOLDEN}


def test_the_same_text_every_time():
    assert generated("n_body", "grad") == generated("n_body", "grad")


def test_the_same_text_in_every_process():
    """Whatever the order in which Python's sets hand out names."""
    made = "from tests.test_golden import generated; print(*(generated(n, 'grad') for n in {!r}))"
    script = made.format(["clad_switch_in_a_loop", "matched_with_exits", "linalg_qr", "walrus_of_the_index"])
    root = Path(__file__).parent.parent
    runs = [
        subprocess.run([sys.executable, "-c", script], cwd=root, env=os.environ | {"PYTHONHASHSEED": seed}, capture_output=True, text=True)
        for seed in ("1", "2", "3")
    ]
    assert runs[0].returncode == 0, runs[0].stderr
    assert len({run.stdout for run in runs}) == 1
