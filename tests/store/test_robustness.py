"""Whatever is given as a store is read, or refused with exit 3 and `file:line`: no traceback, and at once."""

import os
import re
import subprocess
import time

import pytest
from toml_suite import FILES, needs_suite

from asking import ask
from program import PROGRAM, environment

SECONDS = 4.0
"""What a file may take, in this process: a guard against hanging, measured as processor time."""

EVENT = '[[event]]\nid = "e"\ntitle = "E"\n'


def judged(path) -> tuple[int, str]:
    """Ask for the events; return the exit code and what was said."""
    began = time.process_time()
    code, out, err = ask("-f", path, "list", "-O", "plain", "--no-cache")
    assert time.process_time() - began < SECONDS, path
    assert "Traceback" not in err
    if code == 3:
        assert out == ""
        places = [re.match(rf"{re.escape(str(path))}:\d+: .", line) for line in err.splitlines()]
        assert places, path
        assert all(places), (path, err)
    else:
        assert (code, err) == (0, ""), path
    return code, err


@needs_suite
def test_the_toml_suite():
    codes = [judged(path)[0] for path in FILES]
    assert set(codes) == {0, 3}


@needs_suite
@pytest.mark.parametrize("command", [("list", "-O", "plain"), ("check",)], ids=["list", "check"])
def test_a_sample_as_processes(command, cache):
    for path in FILES[::150]:
        done = subprocess.run(
            [*PROGRAM, "-f", str(path), *command],
            env=environment(cache.parent),
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert done.returncode in ((0, 3) if command[0] == "list" else (0, 1)), path
        said = done.stdout + done.stderr
        assert bool(said) == bool(done.returncode), path
        assert "Traceback" not in said


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", 0),
        (b"\n\n# nothing yet\n", 0),
        (b"\xef\xbb\xbf", 0),
        (b"\xef\xbb\xbf" + EVENT.encode(), 0),
        (EVENT.replace("\n", "\r\n").encode(), 0),
        (EVENT.replace("\n", "\r").encode(), 3),
        (EVENT.encode("utf-16"), 3),
        (EVENT.encode("utf-16-le"), 3),
        (EVENT.encode("utf-32"), 3),
        (EVENT.encode() + b"note = 'a\x00b'\n", 3),
        (b"\x00" * 10_000, 3),
        (os.urandom(100_000), 3),
        (EVENT.encode() + b"note = '\xff'\n", 3),
        (b"x = " + b"[" * 500 + b"]" * 500, 3),
        (EVENT.encode() + b"figures.x = " + b"[" * 500 + b"]" * 500, 3),
        (EVENT.encode() + b"figures.x = " + b"[" * 100_000, 3),
        (EVENT.encode() + b"figures.x = " + b"[" * 100 + b"]" * 100, 3),
        (EVENT.encode() + b"accept = " + b"{a=" * 300 + b"1" + b"}" * 300, 3),
        (b".".join([b"a"] * 20_000) + b" = 1", 3),
        (EVENT.encode() + b"accept." + b".".join([b"a"] * 20_000) + b" = 1", 3),
        (b"[" + b".".join([b"a"] * 20_000) + b"]", 3),
        (b"[" + b".".join([b'"a"'] * 20_000) + b"]", 3),
        (EVENT.encode() + b"date = " + b"9" * 5000, 3),
        (EVENT.encode() + b"figures.x = " + b"9" * 4000, 3),
        (EVENT.encode() + b"figures.x = 1e999999", 3),
        (EVENT.encode() + b"figures.x = 1." + b"1" * 100_000, 3),
        (EVENT.encode() + b"figures.x = nan", 3),
        (EVENT.encode() + b"figures.x = -inf", 3),
        (EVENT.encode() + b"date = 0001-01-01", 0),
        (EVENT.encode() + b"date = 10:00:00", 3),
        (EVENT.encode() + b'note = "' + b"x" * 5_000_000 + b'"', 0),
        (EVENT.encode() + b"note = '''" + b"\n[[event]]\n" * 20_000 + b"'''", 0),
        (EVENT.encode() * 2_000, 3),
    ],
    ids=range(33),
)
def test_a_strange_file(data, code, tmp_path):
    path = tmp_path / "facts.toml"
    path.write_bytes(data)
    assert judged(path)[0] == code


def test_what_is_said_of_an_empty_store(tmp_path):
    path = tmp_path / "facts.toml"
    path.write_bytes(b"")
    assert ask("-f", path, "check", "--no-cache") == (0, "", "")
    assert ask("-f", path, "list", "-O", "json", "--no-cache") == (0, "[]\n", "")


def test_a_folder_of_that_name(tmp_path):
    (tmp_path / "facts.toml").mkdir()
    said = f"autotimeline: {tmp_path}/facts.toml: no *.toml in this directory;"
    code, out, err = ask("-f", tmp_path / "facts.toml", "list")
    assert (code, out, err[: len(said)]) == (3, "", said)


@pytest.mark.parametrize("name", ["no.toml", "no/such.toml", "facts.toml/x", "x" * 5000])
def test_a_file_that_is_not_there(name, tmp_path):
    (tmp_path / "facts.toml").write_text(EVENT)
    code, out, err = ask("-f", f"{tmp_path}/{name}", "list")
    assert (code, out) == (3, "")
    assert err.startswith(f"autotimeline: {tmp_path}/")
    assert err.count("\n") == 1


@pytest.mark.skipif(os.getuid() == 0, reason="root may read anything")
def test_a_file_that_may_not_be_read(tmp_path):
    path = tmp_path / "facts.toml"
    path.write_text(EVENT)
    path.chmod(0)
    assert ask("-f", path, "list") == (3, "", f"autotimeline: {path}: permission denied\n")


def test_a_pipe_that_closes(tmp_path, cache):
    fifo = tmp_path / "facts.toml"
    os.mkfifo(fifo)
    process = subprocess.Popen(
        [*PROGRAM, "-f", str(fifo), "list"], env=environment(cache.parent), stdout=-1, stderr=-1, text=True
    )
    with fifo.open("wb"):
        pass
    assert process.communicate(timeout=60) == ("", "")
    assert process.returncode == 0


def test_standard_input_that_is_closed(cache):
    done = subprocess.run(
        ["sh", "-c", 'exec "$@" <&-', "sh", *PROGRAM, "-f", "-", "list"],
        env=environment(cache.parent), capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    said = "autotimeline: -: standard input is closed\n"
    assert (done.returncode, done.stdout, done.stderr) == (3, "", said)
