"""The mistakes that are named."""

from grader.diagnose import Mistake

SCORES = "scores = self.score(torch.tanh(self.project(x))).squeeze(2)"
SOFTMAX = "weights = torch.softmax(scores, dim=1)"
POOLED = "pooled = (weights.unsqueeze(2) * x).sum(dim=1)"
MASK = 'scores = scores.masked_fill(~mask, float("-inf"))'

MISTAKES = [
    Mistake(
        "no_tanh",
        title="The tanh is missing",
        hint="What happens to a score between the projection and the scorer?",
        edits={"Pooling.forward": (SCORES, "scores = self.score(self.project(x)).squeeze(2)")},
    ),
    Mistake(
        "relu_for_tanh",
        title="Another function stands where the tanh should be",
        hint="Which numbers can come out of your activation, and which out of a tanh?",
        edits={
            "Pooling.forward": [
                (SCORES, SCORES.replace("torch.tanh", "torch.relu")),
                (SCORES, SCORES.replace("torch.tanh", "torch.sigmoid")),
            ]
        },
    ),
    Mistake(
        "softmax_over_the_batch",
        title="The softmax runs over the batch",
        hint="Of which things must the weights add up to 1?",
        edits={"Pooling.forward": (SOFTMAX, "weights = torch.softmax(scores, dim=0)")},
    ),
    Mistake(
        "no_softmax",
        title="The weights do not come from a softmax",
        hint="Do your weights add up to 1? Can one of them be negative?",
        edits={
            "Pooling.forward": [
                (SOFTMAX, "weights = torch.sigmoid(scores)"),
                (SOFTMAX, "weights = scores / scores.sum(dim=1, keepdim=True)"),
                (SOFTMAX, "weights = scores"),
            ]
        },
    ),
    Mistake(
        "mask_ignored",
        title="The mask is not used",
        hint="What does your forward do with its second argument?",
        edits={"Pooling.forward": (MASK, "pass")},
    ),
    Mistake(
        "mask_the_wrong_way",
        title="The mask leaves out what counts",
        hint="What does True stand for?",
        edits={"Pooling.forward": (MASK, 'scores = scores.masked_fill(mask, float("-inf"))')},
    ),
    Mistake(
        "masked_scores_zero",
        title="A masked score is set to 0",
        hint="Which weight does a score of 0 get from a softmax?",
        edits={"Pooling.forward": (MASK, "scores = scores.masked_fill(~mask, 0.0)")},
    ),
    Mistake(
        "masked_after_the_softmax",
        title="The mask is used after the softmax, so that the weights do not add up to 1",
        hint="Who gets the weight of a step that is left out?",
        edits={
            "Pooling.forward": (
                (MASK, "pass"),
                (SOFTMAX, SOFTMAX + "\nif mask is not None:\n    weights = weights * mask"),
            )
        },
    ),
    Mistake(
        "mean_in_place_of_sum",
        title="The weighted inputs are averaged once more",
        hint="The weights add up to 1 already. What does a mean divide by?",
        edits={"Pooling.forward": (POOLED, POOLED.replace(".sum", ".mean"))},
    ),
    Mistake(
        "weights_cut_off",
        title="No gradient passes through the weights",
        hint="Which of your lines does autograd not see?",
        edits={"Pooling.forward": (POOLED, POOLED.replace("weights.", "weights.detach()."))},
    ),
    Mistake(
        "scorer_with_a_bias",
        title="The scorer has a bias of its own",
        hint="How many parameters does the hand-out list?",
        edits={"Pooling.__init__": ("nn.Linear(hidden, 1, bias=False)", "nn.Linear(hidden, 1)")},
    ),
    Mistake(
        "projection_without_bias",
        title="The projection has no bias",
        hint="How many parameters does the hand-out list?",
        edits={
            "Pooling.__init__": ("nn.Linear(features, hidden)", "nn.Linear(features, hidden, bias=False)")
        },
    ),
]
