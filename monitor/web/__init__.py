"""What does the board show in a browser?"""

from monitor.web.app import board

__all__ = ["board"]
