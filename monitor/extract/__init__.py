"""What does an article page say?"""

from monitor.extract.article import family, read_article

__all__ = ["family", "read_article"]
