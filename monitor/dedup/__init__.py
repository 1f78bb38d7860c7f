"""Have we told this story before?"""
