"""What does an article page say?"""

from monitor.extract.article import family, read_article
from monitor.extract.proposal import propose_body

__all__ = ["family", "propose_body", "read_article"]
