"""A cluster of Apache Spark on loopback, started with the commands of docs/lake.md."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

READY_SECONDS = 300
PAGE = Path(__file__).parents[2] / "docs/lake.md"
LOCAL = "127.0.0.1"
# The queries of a test are small: to compile their code costs more than to run it.
SETTINGS = """
spark.sql.codegen.wholeStage false
spark.sql.codegen.factoryMode NO_CODEGEN
spark.sql.adaptive.enabled false
spark.sql.files.minPartitionNum 1
spark.default.parallelism 1
spark.ui.enabled false
"""
JAVA_OPTIONS = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"


def free_port() -> int:
    """Return a port that nothing listens on."""
    with socket.socket() as probe:
        probe.bind((LOCAL, 0))
        return int(probe.getsockname()[1])


def commands(master: int, server: int) -> str:
    """Return the commands of the page, with these ports instead of the usual ones."""
    (block,) = (text for text in re.findall(r"```sh\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL) if "Worker" in text)
    return block.replace("7077", str(master)).replace("15002", str(server))


@contextmanager
def running_cluster(directory: Path) -> Iterator[str]:
    """Start a cluster that works in this directory; yield the address of its Spark Connect server."""
    server, log = free_port(), directory / "log"
    (directory / "spark-defaults.conf").write_text(SETTINGS, "utf-8")
    environment = {
        **os.environ,
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        # The script stays in the foreground, so that all processes end with their group.
        "SPARK_NO_DAEMONIZE": "1",
        "JAVA_TOOL_OPTIONS": JAVA_OPTIONS,
        "SPARK_CONF_DIR": str(directory),
        "SPARK_LOG_DIR": str(directory),
        "SPARK_PID_DIR": str(directory),
        "SPARK_WORKER_DIR": str(directory / "work"),
    }
    with log.open("wb") as out:
        process = subprocess.Popen(
            ["bash", "-ec", commands(free_port(), server)],
            env=environment, cwd=directory, stdout=out, stderr=out, start_new_session=True,
        )  # fmt: skip
    try:
        end = time.monotonic() + READY_SECONDS
        while not is_listening(server):
            if time.monotonic() > end or process.poll() is not None:
                raise RuntimeError(f"no Spark Connect server:\n{log.read_text('utf-8')[-3000:]}")
            time.sleep(0.2)
        yield f"{LOCAL}:{server}"
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(60)


def is_listening(port: int) -> bool:
    """Return whether something listens on a port."""
    with socket.socket() as probe:
        return probe.connect_ex((LOCAL, port)) == 0
