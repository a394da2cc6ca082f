"""Texts as Akoma Ntoso 3.0: as held, on a day, in all their versions; with links to norms."""
