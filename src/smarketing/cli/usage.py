"""A command typed wrongly, in one sentence: which command, what is wrong, and what to type instead."""

from __future__ import annotations

import re
from difflib import get_close_matches
from typing import Any

from smarketing.cli.console import program, say
from smarketing.terms.errors import UserError

WRONG_USE = UserError.exit_code


def is_help(error: Exception) -> bool:
    """Whether a command without arguments only shows what it can do."""
    return type(error).__name__ == "NoArgsIsHelpError"


def trouble_error(error: OSError) -> UserError:
    """A disk that is full or a file that may not be touched, wherever it was met."""
    what = say("The system refuses: {reason}.", reason=say.trouble(error))
    return UserError(what, where=str(error.filename or say("standard output")))


def usage_error(error: Any) -> UserError:
    """The reader's sentence for what the parser of the command line refuses.

    The parser keeps its exceptions to itself, so each is told by what it carries.
    """
    command = error.ctx.command_path if error.ctx is not None else program()
    what, hint = _sentence(error)
    usual = say("{command} --help lists what there is.", command=command)
    return UserError(what, where=command.removeprefix(program()).strip(), hint=hint or usual)


def _sentence(error: Any) -> tuple[str, str]:
    """What is wrong and what to do; the second may be empty."""
    parameter, option = getattr(error, "param", None), getattr(error, "option_name", None)
    if parameter is not None:
        name = (
            parameter.opts[0] if parameter.param_type_name == "option" else parameter.metavar or parameter.name.upper()
        )
        is_missing = type(error).__name__ == "MissingParameter"
        return _missing(name) if is_missing else (say("The value of {name} does not fit.", name=name), _fit(parameter))
    if option is not None and hasattr(error, "possibilities"):
        return say("There is no option {option}.", option=option), _meant(error.possibilities or ())
    if option is not None:
        is_flag = "does not take" in error.message
        return _superfluous(option) if is_flag else (say("{option} needs a value after it.", option=option), "")
    return _stray(error)


def _missing(name: str) -> tuple[str, str]:
    return say("{name} is missing.", name=name), ""


def _superfluous(option: str) -> tuple[str, str]:
    return say("{option} takes no value.", option=option), say("Leave away what follows it.")


def _stray(error: Any) -> tuple[str, str]:
    """A word that is no command, or one too many."""
    commands = sorted(getattr(error.ctx.command, "commands", {}))
    word = next((word for word in _quoted(error.message) if word), "")
    if not commands:
        return say('Nothing is expected where "{word}" stands.', word=word), ""
    near = get_close_matches(word, commands, n=2, cutoff=0.65)  # "scor" is no doctor
    hint = _meant(near) if near else say("Choose one of {names}.", names=", ".join(commands))
    return say('There is no command "{word}".', word=word), hint


def _quoted(message: str) -> tuple[str, ...]:
    """The word that the parser's message repeats: 'score', "it's", (score); never its advice after that."""
    found = re.search(r"""'([^']*)'|"([^"]*)"|\((?!s\))(.*)\)""", message)
    return found.groups("") if found else ()


def _meant(names: Any) -> str:
    return say("Did you mean {names}?", names=", ".join(sorted(names))) if names else ""


def _fit(parameter: Any) -> str:
    """What the parameter takes, as far as its type tells."""
    kind, told = parameter.type_descriptor, parameter.type_descriptor.parameter_info
    if kind.is_choice and kind.choices is not None:
        return say("Choose one of {names}.", names=", ".join(str(choice) for choice in kind.choices))
    if kind.annotation is not int:
        return ""
    if told.max is not None:
        return say("Write a whole number from {least} to {most}.", least=told.min or 0, most=told.max)
    return say("Write a whole number, {least} or more.", least=told.min or 0)
