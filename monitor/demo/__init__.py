"""What does a town's news look like on a machine without network?"""
