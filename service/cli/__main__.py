"""`python -m service.cli` is `amends`."""

from service.cli.main import run

run()
