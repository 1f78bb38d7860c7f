"""How does Korean write money, head-counts, days, places and names?"""

from monitor.text.mentions import Mentions, folded, name_key
from monitor.text.money import amounts
from monitor.text.names import Named, companies, firm_like, people
from monitor.text.newsdate import NewsDate, newsdates
from monitor.text.normalize import normalize, plain
from monitor.text.particles import split_particle
from monitor.text.quantity import PYEONG, Quantity, areas, headcounts
from monitor.text.regions import Gazetteer, Place, PlaceKind
from monitor.text.sentence import sentences
from monitor.text.stamp import KST, has_time, parse_date

__all__ = [
    "KST",
    "PYEONG",
    "Gazetteer",
    "Mentions",
    "Named",
    "NewsDate",
    "Place",
    "PlaceKind",
    "Quantity",
    "amounts",
    "areas",
    "companies",
    "firm_like",
    "folded",
    "has_time",
    "headcounts",
    "name_key",
    "newsdates",
    "normalize",
    "parse_date",
    "people",
    "plain",
    "sentences",
    "split_particle",
]
