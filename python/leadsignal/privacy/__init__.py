"""Persons who asked to be forgotten, and what must not be kept longer than set.

`forgetting` erases a person from all that is stored and keeps them out of later builds; `erasing`
is what every build does for that; `email_hashes` publishes addresses as hashes, where that is set.
docs/privacy.md says what is stored where.
"""
