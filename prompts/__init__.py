"""Prompts as files: `<task>/<version>.yaml`."""
