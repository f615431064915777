"""From a complaint to a held draft."""
