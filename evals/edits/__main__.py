"""Precision and recall of the kinds of edit: `python -m evals.edits`."""

import asyncio

from evals.edits.measure import lines, measure


def main() -> None:
    """Print the figures: precision, recall, with 95% intervals."""
    for line in lines(asyncio.run(measure())):
        print(line)


if __name__ == "__main__":
    main()
