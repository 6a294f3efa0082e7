"""A cluster of Apache Spark on loopback: a standalone master, two workers, and a Spark Connect server."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

READY_SECONDS = 120
LOCAL = "127.0.0.1"


def free_port() -> int:
    """Return a port that nothing listens on."""
    with socket.socket() as probe:
        probe.bind((LOCAL, 0))
        return int(probe.getsockname()[1])


def wait_for_port(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    """Wait until a process listens on a port."""
    end = time.monotonic() + READY_SECONDS
    while time.monotonic() < end and process.poll() is None:
        with socket.socket() as probe:
            if probe.connect_ex((LOCAL, port)) == 0:
                return
        time.sleep(0.2)
    raise RuntimeError(f"nothing listens on port {port}:\n{log.read_text()[-3000:]}")


@contextmanager
def running_cluster(directory: Path) -> Iterator[str]:
    """Start a cluster that works in this directory; yield the address of its Spark Connect server."""
    spec = find_spec("pyspark")
    assert spec is not None
    assert spec.origin is not None
    home = Path(spec.origin).parent
    master, server = free_port(), free_port()
    environment = {
        **os.environ,
        "SPARK_HOME": str(home),
        "SPARK_LOCAL_IP": LOCAL,
        "SPARK_WORKER_DIR": str(directory / "work"),
        "PYSPARK_PYTHON": sys.executable,
    }
    processes: list[subprocess.Popen[bytes]] = []

    def start(name: str, *arguments: str) -> tuple[subprocess.Popen[bytes], Path]:
        log = directory / f"{name}.log"
        with log.open("wb") as out:
            command = [str(home / "bin" / arguments[0]), *arguments[1:]]
            process = subprocess.Popen(command, env=environment, cwd=directory, stdout=out, stderr=out)
        processes.append(process)
        return process, log

    try:
        package = "org.apache.spark.deploy"
        options = ("--host", LOCAL, "--webui-port", "0")
        wait_for_port(
            master, *start("master", "spark-class", f"{package}.master.Master", "--port", str(master), *options)
        )
        url = f"spark://{LOCAL}:{master}"
        for name in ("worker-1", "worker-2"):
            start(name, "spark-class", f"{package}.worker.Worker", "--cores", "1", "--memory", "1g", *options, url)
        connect = start(
            "connect",
            "spark-submit",
            *("--class", "org.apache.spark.sql.connect.service.SparkConnectServer", "--master", url),
            *("--conf", f"spark.connect.grpc.binding.port={server}", "--conf", "spark.ui.enabled=false"),
            *("--conf", "spark.sql.shuffle.partitions=2", "--conf", "spark.executor.memory=512m"),
            *("--driver-memory", "1g", "spark-internal"),
        )
        wait_for_port(server, *connect)
        yield f"{LOCAL}:{server}"
    finally:
        for process in reversed(processes):
            process.terminate()
        for process in processes:
            process.wait(30)
