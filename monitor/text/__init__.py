"""How does Korean write money, head-counts, days, places and names?"""
