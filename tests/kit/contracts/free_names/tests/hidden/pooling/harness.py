"""A Pooling by the roles of its parameters, whatever their names, their layout and its constructor."""

import inspect

import torch


def _make(student, features, hidden):
    """A module of the student's, made as its constructor wants it."""
    taken = inspect.signature(student.Pooling).parameters.values()
    needed = [one for one in taken if one.default is one.empty and one.kind is one.POSITIONAL_OR_KEYWORD]
    if len(needed) == 2:
        return student.Pooling(features, hidden)
    if len(needed) == 1:
        return student.Pooling((features, hidden))
    raise TypeError(f"`Pooling` wants {len(needed)} sizes to be made; it must be two, or one pair of them")


def _roles(module, features, hidden):
    """The parameters by role; each is known by its size, which no two share here."""
    sizes = {
        "projection": (features, hidden),
        "bias": (hidden,),
        "scorer": (hidden, 1),
    }
    registered = list(module.parameters())
    found = {}
    for role, size in sizes.items():
        fitting = [one for one in registered if tuple(one.shape) in (size, size[::-1])]
        if not fitting:
            raise ValueError(
                f"`Pooling` registers no parameter of shape {size}, either way round: where is the {role}?"
            )
        found[role] = fitting[0]
    if len(registered) != len(sizes):
        raise ValueError(f"`Pooling` registers {len(registered)} parameters, where three are asked for")
    return found


def _loaded(student, projection, bias, scorer):
    """A module that holds these numbers, and its parameters by role."""
    module = _make(student, *projection.shape)
    roles = _roles(module, *projection.shape)
    for role, array in (("projection", projection), ("bias", bias), ("scorer", scorer)):
        numbers = torch.from_numpy(array)
        same_way = roles[role].shape == numbers.shape
        roles[role].data = numbers if same_way else numbers.t().contiguous()
    return module, roles


def registered(student, features, hidden):
    """How many numbers each role has, and whether it learns."""
    roles = _roles(_make(student, features, hidden), features, hidden)
    return {role: (one.numel(), one.requires_grad) for role, one in roles.items()}


def pooled(student, x, mask, projection, bias, scorer):
    """What the module gives back."""
    module, _ = _loaded(student, projection, bias, scorer)
    mask = None if mask is None else torch.from_numpy(mask)
    result, weights = module(torch.from_numpy(x), mask)
    return result, weights


def pooled_twice(student, x, other, projection, bias, scorer):
    """What the module gives back after it was asked about something else."""
    module, _ = _loaded(student, projection, bias, scorer)
    module(torch.from_numpy(other))
    result, weights = module(torch.from_numpy(x))
    return result, weights


def gradients(student, x, mask, projection, bias, scorer, dpooled):
    """The gradients by role, as the suite lays them out, and that of x."""
    module, roles = _loaded(student, projection, bias, scorer)
    x = torch.from_numpy(x).requires_grad_()
    result, _ = module(x, None if mask is None else torch.from_numpy(mask))
    (result * torch.from_numpy(dpooled)).sum().backward()
    shapes = {"projection": projection.shape, "bias": bias.shape, "scorer": scorer.shape}
    found = {}
    for role, shape in shapes.items():
        gradient = roles[role].grad
        same_way = gradient is None or gradient.shape == shape
        found[role] = gradient if same_way else gradient.t()
    return found, x.grad
