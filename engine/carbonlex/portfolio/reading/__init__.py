"""Data of many entities: read from files, checked cell by cell, prepared for compiled plans."""
