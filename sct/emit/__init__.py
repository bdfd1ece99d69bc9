"""From statements to the text of a module."""
