"""What programs see: a FastAPI application that app.py mounts."""
