"""Texts to vectors, by sentence-transformers."""
