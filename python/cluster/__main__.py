"""A cluster for trying things out; see the package."""

import signal
import sys
from pathlib import Path

from cluster import HOST, NoCluster, load, running


def main() -> None:
    """Keep a cluster up until Ctrl-C."""
    folder, *raw = (Path(name).absolute() for name in sys.argv[1:])
    try:
        with running(folder) as cluster:
            for crms in raw:
                print(f"Loaded {load(cluster, crms)} tables of {crms}", flush=True)
            print(
                f"Thrift server on {HOST}:{cluster.server} (SPARK_PORT), master's page on"
                f" http://{HOST}:{cluster.master}; Ctrl-C ends all",
                flush=True,
            )
            signal.pause()
    except KeyboardInterrupt:
        print("Ended")
    except NoCluster as error:
        raise SystemExit(str(error)) from error


if __name__ == "__main__":
    main()
