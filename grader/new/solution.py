"""What `grader new` writes under solutions/: hand-out, skeleton and reference in one, its checks, an alternative.

@name@, @title@ and @order@ are filled in.
"""

SOLUTION = '''\
# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # @title@
#
# **Goal.** Say in one sentence what students will have written at the end.

# %% [markdown]
# ## The formula
#
# Every number of `x` is multiplied by `factor`, then `offset` is added.
#
# | name | shape | what it is |
# |---|---|---|
# | `x` | (N, F) | N samples with F numbers each |
# | `factor`, `offset` | (F,) | one number per column |
# | result | (N, F) | the samples, scaled and shifted |

# %% [markdown]
# ## By hand, once
#
# `x = [[1, 2]]`, `factor = [10, 100]`, `offset = [1, 1]` give `[[11, 201]]`.

# %% [markdown]
# ## What is graded
#
# | group | points | what it looks at |
# |---|---|---|
# | shapes | {points of shapes} | a result of the right shape, for any N and F |
# | numerics | {points of numerics} | the right numbers |
# | behaviour | {points of behaviour} | arguments unchanged |
# | in all | {points in all} | |

# %% [markdown]
# ## Questions to ask yourself
#
# Before you hand in. Each has a place for your answer, and something to check it with, folded away in the notebook.
#
# **1.** Which numbers of the result change when one number of `factor` does?
#
# *Your answer:*
#
# <details><summary>Check yourself</summary>
#
# One column, in every sample. In the example by hand, 10 belongs to the 11 and 100 to the 201.
#
# </details>

# %%
import numpy as np

# %% [markdown] tags=["notebook"]
# ## Your turn
#
# Replace the line that raises `NotImplementedError`.


# %%
def @name@_forward(x, factor, offset):
    """Scale and shift every column: x (N, F), factor (F,), offset (F,). Returns (N, F)."""
    ### BEGIN SOLUTION: your turn: scale, then shift
    scaled = x * factor
    shifted = scaled + offset
    return shifted
    ### END SOLUTION


# %%
if __name__ == "__main__":
    print(@name@_forward(np.array([[1.0, 2.0]]), np.array([10.0, 100.0]), np.array([1.0, 1.0])))
'''

CHECKS = '''\
"""Visible checks for @name@. Run them with: python -m pytest test_@name@.py

They are a first look, not the grading: the hidden tests ask more.
"""

import numpy as np
from @name@ import @name@_forward


def test_numbers_of_the_example():
    """@name@_forward gives the numbers of the example by hand."""
    got = @name@_forward(np.array([[1.0, 2.0]]), np.array([10.0, 100.0]), np.array([1.0, 1.0]))
    assert np.allclose(got, [[11.0, 201.0]]), f"got {got}, expected [[11, 201]]"
'''

GUIDE = """\
# For `grader check`: what each visible check stands for, and its hints: what to look at, then the idea, then the
# formula with its shapes. No hint gives the line to write.

[checks.test_numbers_of_the_example]
group = "numerics"
exercise = "@name@_forward"
hints = [
    "Work the example by hand, column by column. Which number is the first that differs?",
    "Every column has a factor and an offset of its own. Which of the two is used first?",
    "Column f of the result is column f of x times factor[f], plus offset[f]: (N, F) again.",
]
"""

ALTERNATIVE = '''\
"""Written differently, and right: one column after the other, into an array made beforehand."""

import numpy as np


def @name@_forward(x, factor, offset):
    result = np.empty_like(x)
    for column in range(x.shape[1]):
        result[:, column] = offset[column] + factor[column] * x[:, column]
    return result
'''

#: Files by their names in solutions/<name>/ and tests/hidden/<name>/, in the order one would read them.
SOLUTIONS = {
    "@name@.py": SOLUTION,
    "test_@name@.py": CHECKS,
    "checks.toml": GUIDE,
    "alternatives/one.py": ALTERNATIVE,
}
