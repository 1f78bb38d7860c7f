"""How much would a regional investment officer want to know this?"""

from monitor.classify.grader import Grader

__all__ = ["Grader"]
