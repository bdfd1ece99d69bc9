"""Functions of NumPy written in the language: a call of one is the call of a helper, differentiated like the user's own."""
