"""The guardrails' own evals: labelled sentences and replies, the training, the suite."""
