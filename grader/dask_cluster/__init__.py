"""`grade --cluster`: `client` hands submissions to the workers of a Dask scheduler; `worker` is what these call."""
