"""Duties and time limits as dates: the calendar of a case."""
