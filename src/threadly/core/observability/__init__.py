"""What happens in a process, told so that it can be understood elsewhere: logs, metrics, traces, errors, health.

Mechanisms only: it knows neither a database nor a marketplace.
"""
