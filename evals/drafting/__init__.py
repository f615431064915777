"""End-to-end evals: cases through production's own drafter, scored, compared, reported."""
