"""What HubSpot calls: the card's data and actions, the settings page's, the workflow action, and webhooks.

None of these is a page: no session, no form of ours, the signature is the credential.
"""

from flask import Blueprint

from plugin.crm.web.hubspot import actions, card, settings, webhooks

blueprint = Blueprint("hubspot", __name__, url_prefix="/hubspot")
for part in (card, settings, actions, webhooks):
    blueprint.register_blueprint(part.blueprint)
