"""Break the compiler by machine: random programs in the supported language, and an oracle that knows nothing of sct.

`grammar` writes programs, `oracle` checks one, `campaign` runs many; `corpus/` keeps those that failed once.
"""
