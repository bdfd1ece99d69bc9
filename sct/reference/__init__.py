"""References to check derivatives against: dual numbers, finite differences and a tape. None of them shares code with
the compiler."""
