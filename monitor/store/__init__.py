"""What do we remember, and what is owed?"""
