"""What does an article page say?"""
