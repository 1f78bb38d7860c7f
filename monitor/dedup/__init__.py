"""Have we told this story before?"""

from monitor.dedup.imprint import fingerprint
from monitor.dedup.story import parts, same_story, story_id
from monitor.dedup.url import article_key, same_article, trusted_canonical

__all__ = ["article_key", "fingerprint", "parts", "same_article", "same_story", "story_id", "trusted_canonical"]
