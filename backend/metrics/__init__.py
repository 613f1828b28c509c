"""The metric service: PromQL, names, labels and metadata over a metric engine."""
