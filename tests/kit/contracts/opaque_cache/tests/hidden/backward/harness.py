"""Each pair of functions as one: the cache goes from one to the other here, whatever it is."""


def smooth(student, x, keep):
    """The result alone."""
    s, _ = student.smooth_forward(x, keep)
    return s


def smooth_gradients(student, x, keep, ds):
    """The gradients, through the student's own cache."""
    _, cache = student.smooth_forward(x, keep)
    return student.smooth_backward(ds, cache)


def smooth_interleaved(student, x, keep, other, ds):
    """The gradients of a call after which another one was made."""
    _, cache = student.smooth_forward(x, keep)
    student.smooth_forward(other, keep)
    return student.smooth_backward(ds, cache)


def norm(student, x, gain, shift):
    """The result alone."""
    y, _ = student.norm_forward(x, gain, shift)
    return y


def norm_gradients(student, x, gain, shift, dy):
    """The gradients, through the student's own cache."""
    _, cache = student.norm_forward(x, gain, shift)
    return student.norm_backward(dy, cache)


def norm_interleaved(student, x, gain, shift, other, dy):
    """The gradients of a call after which another one was made."""
    _, cache = student.norm_forward(x, gain, shift)
    student.norm_forward(other, gain, shift)
    return student.norm_backward(dy, cache)
