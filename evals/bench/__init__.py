"""What the README says about speed and memory, measured here and now."""
