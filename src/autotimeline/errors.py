"""The tree of exceptions. Each class carries the exit code that the command line ends with."""

from __future__ import annotations


class AutotimelineError(Exception):
    """What was asked could not be done.

    `str(error)` is one or more lines for a person: where, what, and what to do instead.
    """

    exit_code = 4


class UsageError(AutotimelineError):
    """The command line or the query is wrong."""

    exit_code = 2


class UnknownNameError(UsageError):
    """A name that is asked by stands for nothing in this store; in another, or a larger part of it, it may."""


class DateError(UsageError):
    """A text is no date of the profile; the message names it and says what to write instead."""


class QuantityError(UsageError):
    """A text is no quantity, or an operation does not fit the quantities it was given."""


class StoreError(AutotimelineError):
    """The store cannot be read, or is invalid."""

    exit_code = 3


def error_reason(error: Exception) -> str:
    """Return why the system, or Python on its behalf, refused: in a few words."""
    return (getattr(error, "strerror", None) or str(error)).lower()
