"""Who hears of it, now or in the digest?"""
