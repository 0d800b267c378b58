def f():
    import other
