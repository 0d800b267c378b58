"""What it means to talk to someone's code: operations, the wire, the host, the jail, the zygote and the proxies.

Nothing in this package knows points, suites or expected values: it is what the warm process loads,
and a submission could read all of it.
"""
