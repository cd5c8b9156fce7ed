"""create_app(): a table of contents."""

from pathlib import Path

from flask import Flask

from plugin import logs, pages, web
from plugin.access import guard
from plugin.access import views as access
from plugin.addresses import origin
from plugin.answers import pages as answer_pages
from plugin.answers import views as answers
from plugin.asking import pages as frequency
from plugin.asking import views as asking
from plugin.changes import views as changes
from plugin.crm import views as crm
from plugin.crm.consequences import consequences
from plugin.crm.web import hubspot
from plugin.crm.web.hubspot import door, webhooks
from plugin.deliveries import views as deliveries
from plugin.figures import views as figures
from plugin.mail import views as unsubscribing
from plugin.messages import views as messages
from plugin.operate import health, metrics, widget_files
from plugin.overview import views as overview
from plugin.segments import views as segments
from plugin.services import Services
from plugin.strict import MAX_BODY
from plugin.themes import views as themes
from plugin.touchpoints import views as touchpoints
from plugin.triggers import views as triggers
from plugin.web import Limit
from widget.tokens import Tokens

HERE = Path(__file__).parent


def create_app(shared: Services) -> Flask:
    """The web: customers' routes, hosts' API, administrators' pages, operators' probes."""
    settings = shared.settings
    logs.configure(settings.log_level)
    app = Flask(
        "plugin", template_folder=str(HERE / "templates"), static_folder=str(HERE / "static")
    )
    app.config.update(MAX_CONTENT_LENGTH=8 * MAX_BODY, MAX_FORM_MEMORY_SIZE=8 * MAX_BODY)
    app.extensions["gensvar"] = shared
    web.prepare(app, settings)
    pages.prepare(app)
    guard.protect(app, settings)

    tokens = Tokens(settings.signing_keys, shared.clock.now)
    app.extensions["gensvar.tokens"] = tokens
    app.extensions["gensvar.answers"] = answers.build_door(
        shared, tokens, consequences(shared.clock)
    )
    app.extensions["gensvar.asks"] = Limit(600)
    app.extensions["gensvar.unsubscribes"] = unsubscribing.build_limit()
    app.extensions["gensvar.figures"] = Limit(300)
    app.extensions["gensvar.hubspot"] = door.build()
    app.extensions["gensvar.inbox"] = webhooks.build(shared)
    app.extensions["gensvar.origins"] = frozenset(
        {origin(settings.base_url), *settings.allowed_origins}
    )

    web.page_problems(app, answers.blueprint.name, answer_pages.problem_page)

    web.page_problems(app, unsubscribing.blueprint.name, unsubscribing.problem_page)

    for room in (answers, unsubscribing, asking, figures, hubspot, widget_files, health, metrics):
        app.register_blueprint(room.blueprint)
    for room in (
        access,
        touchpoints,
        frequency,
        themes,
        segments,
        changes,
        messages,
        triggers,
        deliveries,
        crm,
        overview,
    ):
        app.register_blueprint(room.blueprint)
    return app
