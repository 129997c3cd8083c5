"""Bad input of every kind ends in a right result or in one clear line."""
