raise RuntimeError('not this one')
