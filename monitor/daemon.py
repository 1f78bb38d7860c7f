"""The daemon: opens everything once, starts the timers, stops in order."""
