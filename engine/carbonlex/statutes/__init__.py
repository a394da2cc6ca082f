"""Instruments and provisions: official wording in Akoma Ntoso, read, checked and cited."""
