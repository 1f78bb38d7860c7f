"""How much would a regional investment officer want to know this?"""
