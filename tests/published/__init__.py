"""Functions of published libraries, differentiated as they are installed."""
