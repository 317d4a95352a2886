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

"""The service inside another program: no port, no server, no token if you like.

::

    from senlin import direct

    with direct.SenlinDirect(microversion="1.14") as client:
        clusters = client.get("/clusters").json()["clusters"]

The program has to have read its configuration into ``senlin.conf.CONF``, whose database
has to be up to date (``senlin-manage db sync``). Requests go through the whole API; with
``engine=True`` an engine runs in the process too, so that actions are carried out.
"""

import contextlib
import dataclasses
import uuid

from keystoneauth1 import adapter
from keystoneauth1 import noauth
from keystoneauth1 import session
from wsgi_intercept import interceptor

from senlin.api import app
from senlin.conf import CONF
from senlin.db import facade
from senlin.engine import service
from senlin.rpc import client as rpc_client
from senlin.rpc import transport as rpc_transport

BINARY = "senlin-direct"


@dataclasses.dataclass(frozen=True, slots=True)
class Identity:
    """Who asks, where no token says so."""

    user_id: str = "direct"
    project_id: str = "direct"
    domain_id: str = "default"
    roles: tuple[str, ...] = ("admin", "manager", "member", "reader")


class SenlinDirect:
    """A context manager that gives a keystoneauth adapter to a service in this process.

    The adapter's paths are below ``/v1``; it does not raise for statuses of errors.
    Every library on top of requests reaches the service at the adapter's
    ``endpoint_override`` while the context lasts.

    :param auth: a keystoneauth plugin of a user, whose tokens are then checked with
        ``[keystone_authtoken]`` as always. Actions need it, since the engine acts for the
        user by a trust that only the user can make. None = believe ``identity``.
    :param identity: who asks.
    :param microversion: of requests that name none; None = 1.0.
    :param engine: also run an engine, over ``[DEFAULT] transport_url``, which may be
        ``kombu+memory:///``. Without it requests are answered by engines elsewhere.
    """

    def __init__(self, *, auth=None, identity=None, microversion=None, engine=False):
        self._auth = auth
        self._identity = identity or Identity()
        self._microversion = microversion
        self._with_engine = engine
        self._stack = None

    def __enter__(self):
        with contextlib.ExitStack() as stack:
            self._open_database(stack)
            transport = rpc_transport.get(CONF)
            stack.callback(transport.cleanup)
            if self._with_engine:
                engine = service.EngineService(CONF.host, BINARY)
                engine.start()
                stack.callback(engine.stop)
            application = app.build_application(
                CONF,
                engine=rpc_client.EngineClient(transport),
                authentication=None if self._auth else self._believing,
            )
            url = f"http://{uuid.uuid4()}"
            stack.enter_context(interceptor.RequestsInterceptor(lambda: application, url=url))
            self._stack = stack.pop_all()
        return adapter.Adapter(
            session.Session(auth=self._auth or noauth.NoAuth()),
            service_type="clustering",
            endpoint_override=f"{url}/v1",
            default_microversion=self._microversion,
            raise_exc=False,
        )

    def __exit__(self, *exc_info):
        stack, self._stack = self._stack, None
        stack.close()

    def _open_database(self, stack):
        """Open the database unless the program has done it."""
        try:
            facade.engine()
        except RuntimeError:
            facade.configure()
            stack.callback(facade.dispose)

    def _believing(self, application):
        """Middleware in place of Keystone's."""
        identity = {
            "HTTP_X_USER_ID": self._identity.user_id,
            "HTTP_X_PROJECT_ID": self._identity.project_id,
            "HTTP_X_USER_DOMAIN_ID": self._identity.domain_id,
            "HTTP_X_ROLES": ",".join(self._identity.roles),
        }
        return lambda environ, start_response: application({**environ, **identity}, start_response)
