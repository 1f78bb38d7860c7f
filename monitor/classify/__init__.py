"""How much would a regional investment officer want to know this?"""

from monitor.classify.grader import Grader
from monitor.classify.opinion import heeded
from monitor.classify.refit import Lesson
from monitor.classify.watch import WatchList, raised

__all__ = ["Grader", "Lesson", "WatchList", "heeded", "raised"]
