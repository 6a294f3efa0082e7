"""The exceptions of the program, each with the exit code of the command line."""


class AutotimelineError(Exception):
    """A request that failed. `str(error)` is one or more lines for people; a line break inside a line is escaped."""

    exit_code = 4

    def __init__(self, *lines: str) -> None:
        super().__init__("\n".join(line.replace("\n", r"\x0a") for line in lines))


class UsageError(AutotimelineError):
    """The command line or the query is wrong."""

    exit_code = 2


class UnknownNameError(UsageError):
    """A name in the query is not in this store, or not in the open part of it."""


class DateError(UsageError):
    """A text is not a date."""


class QuantityError(UsageError):
    """A text is not a quantity, or the quantities do not fit the operation."""


class StoreError(AutotimelineError):
    """The store is unreadable or invalid."""

    exit_code = 3


def error_reason(error: Exception) -> str:
    """Return the message of the operating system, or of the error itself, in lower case."""
    return (getattr(error, "strerror", None) or str(error)).lower()
