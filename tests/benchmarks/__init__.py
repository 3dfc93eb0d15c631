"""Measure mapgen beside its peers: ``python -m tests.benchmarks`` from the top of the repository."""
