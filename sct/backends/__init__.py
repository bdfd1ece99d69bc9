"""From generated text to something that runs: compiled by Numba through a cache on disk, or as plain Python."""
