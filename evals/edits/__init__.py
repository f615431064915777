"""Whether edits are told apart: pairs of replies before and after, with the kinds of each."""
