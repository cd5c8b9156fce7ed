"""Where the touchpoints' routes meet."""

from flask import Blueprint

blueprint = Blueprint("touchpoints", "plugin")
