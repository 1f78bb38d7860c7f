"""What did the user choose, and is it written without a mistake?"""

from monitor.settings.load import SHIPPED, Settings, find_folder, load, shipped
from monitor.settings.origins import Chosen, chosen
from monitor.settings.schema import schemas
from monitor.settings.secrets import Secret
from monitor.settings.surroundings import ServiceManager, service_manager
from monitor.settings.tables import MonitorFile, OutletFile, ReceiverTable

__all__ = [
    "SHIPPED",
    "Chosen",
    "MonitorFile",
    "OutletFile",
    "ReceiverTable",
    "Secret",
    "ServiceManager",
    "Settings",
    "chosen",
    "find_folder",
    "load",
    "schemas",
    "service_manager",
    "shipped",
]
