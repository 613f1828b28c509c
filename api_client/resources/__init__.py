"""One resource per signal: typed calls, nothing else."""
