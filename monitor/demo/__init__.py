"""What does a town's news look like on a machine without network?"""

from monitor.demo.show import show

__all__ = ["show"]
