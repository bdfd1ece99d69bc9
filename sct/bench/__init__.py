"""What a gradient costs, in runs of the plain Numba primal: `python -m sct bench`.

`programs` holds the eight primals as plain loops, `with_arrays` the same mathematics for autograd and PyTorch,
`by_hand` adjoints by a person, `peers` the methods that are compared, `measure` the clock and `report` the table.
"""
