"""Amends: drafts replies to complaints that a human would be glad to sign."""

__version__ = "0.1.0"
