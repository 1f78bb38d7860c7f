"""A new article prepared for many comparisons."""

from dataclasses import dataclass

import numpy as np

from monitor.dedup.blob import Codes, chosen
from monitor.dedup.grams import Short
from monitor.dedup.reading import Reading


@dataclass(frozen=True, slots=True)
class Subject:
    """Codes of a new article in the forms that comparisons ask for."""

    reading: Reading
    lead: Short  # what would be kept of title and lead
    lead_alone: Short  # what would be kept of the lead
    in_body: frozenset[int]  # pairs of title and lead
    numbers: Codes
    told: frozenset[int]  # all its numbers
    title_numbers: Codes
    places: frozenset[int]  # of title and lead
    title_places: frozenset[int]


def subject(reading: Reading) -> Subject:
    """Prepare *reading* for comparisons."""
    numbers = tuple(slot.code for slot in reading.body_numbers)
    title, lead = chosen(reading)
    return Subject(
        reading=reading,
        lead=np.concatenate((title, lead)),
        lead_alone=lead,
        in_body=frozenset(reading.body.tolist()),
        numbers=numbers,
        told=frozenset(numbers),
        title_numbers=tuple(slot.code for slot in reading.title_numbers),
        places=frozenset(reading.body_places.tolist()),
        title_places=frozenset(reading.title_places.tolist()),
    )
