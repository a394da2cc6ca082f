"""The ledger of unit movements: balances by product and vintage, and what cannot have happened."""

from carbonlex.ledger.balances import Ledger, holdings_at, ledger_of, refuse_impossible
from carbonlex.ledger.movements import Movement, Pool

__all__ = ["Ledger", "Movement", "Pool", "holdings_at", "ledger_of", "refuse_impossible"]
