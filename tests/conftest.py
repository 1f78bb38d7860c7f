"""What every test shares: nothing but which files are no tests."""

collect_ignore_glob = ["acceptance/*.py", "adapters/*.py", "jobs/deliver_worker.py"]
"""Programs that are run by name: looking for doctests would import them, and one of them shifts the clock."""
