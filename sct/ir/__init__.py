"""The core language: its grammar, its programs, and how to build and read its syntax trees."""
