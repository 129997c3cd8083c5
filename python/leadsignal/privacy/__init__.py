"""Persons who asked to be forgotten, and what must not be kept longer than set.

`forget` erases a person from all that is stored and keeps them out of later builds; `Erasing` is
what every build does for that; `email_hashes` publishes addresses as hashes, where that is set.
docs/privacy.md says what is stored where.
"""

from leadsignal.privacy.erasing import Erasing
from leadsignal.privacy.forgetting import forget
from leadsignal.privacy.stores import store_of

__all__ = ["Erasing", "forget", "store_of"]
