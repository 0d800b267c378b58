def f():
    return 1
while True:
    pass
1/0
