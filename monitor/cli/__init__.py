"""What does the user type?"""


def main() -> None:
    """Run the command."""
