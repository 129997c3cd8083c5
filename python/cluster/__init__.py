"""Apache Spark on this machine as a real cluster: each part is a process of its own.

A master, two workers and a Thrift server, started from the pyspark package. Work is done by the
executors that the workers start; the server only plans. Nothing is left running when the block of
`running` is left, in whatever way.

    python -m cluster FOLDER [RAW]    # up until Ctrl-C, with the CRMs of the folder RAW loaded
"""

from cluster.loading import load
from cluster.running import HOST, Cluster, NoCluster, running

__all__ = ["HOST", "Cluster", "NoCluster", "load", "running"]
