"""Rules are mathematics, written once."""
