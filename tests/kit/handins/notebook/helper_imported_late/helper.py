def f(): pass
while 1: pass
