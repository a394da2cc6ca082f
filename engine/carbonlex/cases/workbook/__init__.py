"""Cases in Excel: a template made from the vocabulary, and the filled workbook read back.

`package` opens the file and `markup` reads its sheets into a `grid`, both in a process of their
own (`confined`); `told` judges the grid by the `layout` that the template has.
"""

from __future__ import annotations
