"""Suites, measures, runs, reports and benchmarks."""
