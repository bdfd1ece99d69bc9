"""Pure functions from a core program to facts about it."""
