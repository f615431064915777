"""The group that all commands hang on: Amends' own errors become one line, never a traceback."""

import sys
from typing import Any

import click
import typer
from typer.core import TyperArgument, TyperGroup

ERROR = 2
INTERRUPTED = 130


class Noun(TyperGroup):
    """A group whose commands explain their arguments."""

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command, with the help of its arguments."""
        command = super().get_command(ctx, cmd_name)
        if command is not None:
            _give_help_back(command)
        return command


def _give_help_back(command: click.Command) -> None:
    """Click 8.5 empties the help that typer 0.19 gave an argument; the function still has it."""
    notes = getattr(command.callback, "__annotations__", {})
    for param in command.params:
        for note in getattr(notes.get(param.name), "__metadata__", ()):
            if isinstance(param, TyperArgument) and not param.help:
                param.help = note.help


class Root(Noun):
    """Runs a command and turns what went wrong into words and an exit code."""

    def invoke(self, ctx: click.Context) -> Any:
        """Exit 2 on an error of Amends, 130 on Ctrl-C; a broken pipe is click's to silence."""
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt:
            click.echo("stopped", err=True)
            raise typer.Exit(INTERRUPTED) from None
        except Exception as exc:
            words = _words(exc)
            if words is None:
                raise
            click.echo(f"error: {words}", err=True)
            raise typer.Exit(ERROR) from None


def _words(exc: Exception) -> str | None:
    """The message of an error of Amends; None for a bug."""
    # What was never imported cannot have been raised: `--help` pays for none of this.
    errors = sys.modules.get("service.errors")
    if errors is None or not isinstance(exc, errors.AmendsError):
        return None
    return str(exc)


def new_group(words: str) -> typer.Typer:
    """A noun with its verbs."""
    return typer.Typer(cls=Noun, help=words, no_args_is_help=True, rich_markup_mode="rich")
