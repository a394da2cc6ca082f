"""Validity: may this body enact this, in this form, on this day."""
