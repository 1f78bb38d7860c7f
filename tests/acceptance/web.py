"""W: a hostile web costs only itself."""

TESTS: dict[str, object] = {}
