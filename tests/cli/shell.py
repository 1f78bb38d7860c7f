"""A command in the tests' own process: what it prints and its exit code, without a second of imports for each.

Commands that stay (``run``) or set up the logs of the whole process are started as processes of their own.
"""

import io
import os
import sys
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass

import pytest

from monitor.cli import main


@dataclass(frozen=True, slots=True)
class Done:
    """A command that came to its end."""

    returncode: int
    stdout: str
    stderr: str


def bongsu(*words: str, **env: str) -> Done:
    """Run ``bongsu`` with *words* and, of the settings in the environment, those of *env* alone."""
    out, err = io.StringIO(), io.StringIO()
    with pytest.MonkeyPatch.context() as patch, redirect_stdout(out), redirect_stderr(err):
        for name in [name for name in os.environ if name.startswith("BONGSU")]:
            patch.delenv(name)
        for name, value in env.items():
            patch.setenv(name, value)
        patch.setattr(sys, "argv", ["bongsu", *words])
        with pytest.raises(SystemExit) as ended:
            main()
    code = ended.value.code
    return Done(code if isinstance(code, int) else int(bool(code)), out.getvalue(), err.getvalue())
