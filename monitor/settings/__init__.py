"""What did the user choose, and is it written without a mistake?"""

from monitor.settings.load import SHIPPED, Secret, Settings, find_folder, load, shipped
from monitor.settings.tables import MonitorFile, OutletFile, ReceiverTable

__all__ = [
    "SHIPPED",
    "MonitorFile",
    "OutletFile",
    "ReceiverTable",
    "Secret",
    "Settings",
    "find_folder",
    "load",
    "shipped",
]
