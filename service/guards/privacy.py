"""What must not be asked, shown or led away in public: one door to the three checks."""

from service.guards.asking import asks_private_data_publicly
from service.guards.exposing import exposes_personal_data
from service.guards.leaving import off_platform_move

__all__ = ["asks_private_data_publicly", "exposes_personal_data", "off_platform_move"]
