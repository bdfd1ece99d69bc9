"""sct as a tool of GradBench (https://github.com/gradbench/gradbench): `python -m sct.bench.gradbench`.

`protocol` reads and answers messages, `evals` holds the functions that they ask for.
"""
