"""A generated file runs where Numba is not installed."""

import subprocess
import sys
from pathlib import Path

import numpy as np
from numba import typeof

from sct import pipeline
from tests.harness import NAMED

SCRIPT = """
import sys
sys.modules["numba"] = None
import numpy as np
space = {}
exec(open(sys.argv[1]).read(), space)
print(repr(space[sys.argv[2]](2.0, 1.0)))
"""


def test_a_taped_gradient_runs_without_numba(tmp_path):
    program = NAMED["newton_sqrt"]
    made = pipeline.generate(program.python, (typeof(2.0), typeof(1.0)), "grad", (0, 1))
    assert "from sct.runtime import reserve" in made.text
    path = tmp_path / "made.py"
    path.write_text(made.text)
    here = Path(__file__).parent.parent
    run = subprocess.run(
        [sys.executable, "-c", SCRIPT, str(path), made.entry], capture_output=True, text=True, cwd=here, check=True
    )
    found = eval(run.stdout, {"np": np})
    np.testing.assert_allclose(found[0], 1.5 * 2.0**0.5, rtol=1e-3)  # of a * sqrt(a)
