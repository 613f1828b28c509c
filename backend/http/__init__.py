"""HTTP as all services speak it: envelope, errors, time ranges, streams and traces of requests."""
