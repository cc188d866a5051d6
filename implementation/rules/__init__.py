"""The pure core: numpy, the standard library and PyYAML; no Django, no database, no clock."""
