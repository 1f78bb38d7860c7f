"""The promises of ACCEPTANCE.md, each runnable by its id."""
