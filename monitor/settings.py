"""All configuration, read once, every mistake named."""
