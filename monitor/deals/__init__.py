"""Who invests, where, how much, how many jobs, at which stage?"""
