"""What does the board show in a browser?"""
