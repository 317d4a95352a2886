# Licensed under the Apache License, Version 2.0 (the "License"); you may
# not use this file except in compliance with the License. You may obtain
# a copy of the License at
#
#      http://www.apache.org/licenses/LICENSE-2.0
#
# Unless required by applicable law or agreed to in writing, software
# distributed under the License is distributed on an "AS IS" BASIS, WITHOUT
# WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the
# License for the specific language governing permissions and limitations
# under the License.


"""Assembly of the API: pecan, and the middleware around it."""

import keystonemiddleware.auth_token
from oslo_middleware import cors
from oslo_middleware import healthcheck
from oslo_middleware import http_proxy_to_wsgi

from senlin.api import faults
from senlin.api import services as api_services
from senlin.api.controllers import root
from senlin.api.middleware import context
from senlin.api.middleware import guard
from senlin.api.middleware import health
from senlin.api.middleware import metrics
from senlin.api.middleware import negotiation
from senlin.api.middleware import request_id
from senlin.api.middleware import request_log
from senlin.api.middleware import webhooks
from senlin.rpc import client
from senlin.rpc import transport
from senlin.rpc import versions

_CORS_REQUEST_HEADERS = [
    "X-Auth-Token",
    "X-Identity-Status",
    "X-Roles",
    "X-User-Id",
    "X-Tenant-Id",
    "X-OpenStack-Request-ID",
    "OpenStack-API-Version",
    "Idempotency-Key",
    "If-Match",
    "If-None-Match",
]
_CORS_RESPONSE_HEADERS = [
    "X-Auth-Token",
    "X-Subject-Token",
    "X-Service-Token",
    "X-OpenStack-Request-ID",
    "OpenStack-API-Version",
    "Location",
    "Link",
    "ETag",
    "Retry-After",
]


def build_application(conf, *, engine=None, authentication=None):
    """The complete WSGI application.

    :param conf: the configuration, already read.
    :param engine: client of the engine to use instead of one over RPC.
    :param authentication: makes the middleware that authenticates, from the
        application inside it; Keystone's by default.
    """
    # A release that is not known is told at the start.
    versions.cap(conf.upgrade_levels.engine)
    services = api_services.Services(
        conf,
        (lambda: engine) if engine is not None else (lambda: _engine_over_rpc(conf)),
    )
    application = root.RoutedPecan(root.RootController(services), guess_content_type_from_ext=False)
    for wrap in reversed(_middleware(conf, authentication or _keystone(conf), services)):
        application = wrap(application)
    return application


def _middleware(conf, authentication, services):
    """What a request passes through, from the outside in.

    * Metrics and the log line come first, to measure and to report all the rest.
    * The request id is next, so that every response has one, also those of
      CORS and of the health check.
    * The health check needs no token; only its own path leads there.
    * Proxies' headers are applied before any link is made.
    * The guard turns away what is unreadable or huge before others read it.
    * Versions are negotiated without a token (API contract, 2.1); this adds
      the version headers to whatever comes from further inside.
    * Webhooks go around the authentication.
    * Exceptions become responses at two places: nearest to pecan, where the
      version headers are still added, and outside for what goes wrong between.
    """
    layers = [
        metrics.RequestMetrics,
        request_log.RequestLog,
        request_id.RequestId,
        faults.FaultWrapper,
    ]
    if _cors_is_configured(conf):
        layers.append(lambda app: cors.CORS(app, conf))
    layers.append(_health_route(conf, services))
    if _proxies_are_believed(conf):
        layers.append(lambda app: http_proxy_to_wsgi.HTTPProxyToWSGI(app, conf))
    max_body_bytes = conf.senlin_api.max_json_body_size
    layers.append(lambda app: guard.Guard(app, max_body_bytes))
    layers.append(negotiation.VersionNegotiation)
    layers.append(lambda app: webhooks.WebhookRoute(app, authentication(app), services))
    layers.append(context.ContextMiddleware)
    layers.append(faults.FaultWrapper)
    return layers


def _cors_is_configured(conf):
    cors.set_defaults(
        allow_headers=_CORS_REQUEST_HEADERS,
        expose_headers=_CORS_RESPONSE_HEADERS,
        allow_methods=["GET", "PUT", "POST", "DELETE", "PATCH"],
    )
    conf.register_opts(cors.OPTS, group="cors")
    return bool(conf.cors.allowed_origin)


def _proxies_are_believed(conf):
    conf.register_opts(http_proxy_to_wsgi.OPTS, group="oslo_middleware")
    return conf.oslo_middleware.enable_proxy_headers_parsing


def _health_route(conf, services):
    own, check = health.checks(services), healthcheck.Healthcheck(None, conf)
    return lambda app: health.HealthRoute(app, own, check)


def _keystone(conf):
    # Nobody inside reads the catalogue, which is most of a token.
    settings = {"oslo_config_config": conf, "include_service_catalog": False}
    return lambda app: keystonemiddleware.auth_token.AuthProtocol(app, settings)


def _engine_over_rpc(conf):
    """The client of the engine over the message bus."""
    return client.EngineClient(
        transport.get(conf),
        pin=conf.upgrade_levels.engine,
        limit=conf.senlin_api.max_engine_calls,
    )
