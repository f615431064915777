"""A brand's policy and past replies: import, chunk, rank, retrieve."""
