"""How did the tables come to be as they are? One file for each change, applied in order."""
