"""Triage on the end-to-end cases: production's own Triager against what each case says is due."""
