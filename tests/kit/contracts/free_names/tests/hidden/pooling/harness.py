"""A Pooling by the roles of its parameters, whatever their names, their layout and its constructor."""

import inspect

import torch


def _make(student, features, hidden):
    """A module of the student's, made as its constructor wants it."""
    taken = inspect.signature(student.Pooling).parameters.values()
    needed = [
        parameter
        for parameter in taken
        if parameter.default is parameter.empty and parameter.kind is parameter.POSITIONAL_OR_KEYWORD
    ]
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
    roles = {}
    for role, size in sizes.items():
        fitting = [array for array in registered if tuple(array.shape) in (size, size[::-1])]
        if not fitting:
            raise ValueError(
                f"`Pooling` registers no parameter of shape {size}, either way round: where is the {role}?"
            )
        roles[role] = fitting[0]
    if len(registered) != len(sizes):
        raise ValueError(f"`Pooling` registers {len(registered)} parameters, where three are asked for")
    return roles


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
    return {role: (array.numel(), array.requires_grad) for role, array in roles.items()}


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
    by_role = {}
    for role, shape in shapes.items():
        gradient = roles[role].grad
        same_way = gradient is None or gradient.shape == shape
        by_role[role] = gradient if same_way else gradient.t()
    return by_role, x.grad
