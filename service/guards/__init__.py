"""The checks on a reply: one file per family, a plain registry, and one adapter that runs them."""
