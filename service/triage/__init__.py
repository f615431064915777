"""What is known about a complaint before anything is drafted; no language model."""
