"""Stores behind the ports; nothing outside `backend.wiring` names one."""
