"""Prompts as files: load, check, render."""
