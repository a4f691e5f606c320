"""Small frozen tables of facts, each computed or collected by `music/tables/make.py`."""
