"""Bongsu (봉수): an async news monitor and alerter for Korean regional investment news."""

__version__ = "0.1.0"
