"""The ledger of unit movements: what is held, by vintage; no unit counted twice."""
