"""Which links does a feed, sitemap or list page offer, and when should we look again?"""
