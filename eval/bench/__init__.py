"""Benchmarks, each run by a command: python -m eval.bench.NAME."""
