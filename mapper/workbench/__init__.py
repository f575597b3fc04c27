"""What a team does with a spec besides running it: ask why, test it, measure what its rules do."""
