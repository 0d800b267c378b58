<!doctype html><p>my answer</p>
