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

"""Sessions with the cloud: one for each owner and region, shared by all threads.

The service acts for an owner with its own password and the owner's Keystone
trust. Tokens, catalogs and connections are kept; endpoints are looked up once
and then used as they are, so that a call costs exactly one request.
"""

import collections
import threading

from keystoneauth1 import adapter
from keystoneauth1 import exceptions as ksa
from keystoneauth1 import session as ksa_session
from keystoneauth1.identity import v3
from openstack import connection
from openstack.block_storage.v3 import _proxy as block_storage_proxy
from openstack.compute.v2 import _proxy as compute_proxy
from openstack.image.v2 import _proxy as image_proxy
from openstack.network.v2 import _proxy as network_proxy
from oslo_context import context as oslo_context
from oslo_log import log as logging
import requests
from requests import adapters

from senlin.cloud import block_storage
from senlin.cloud import breaker
from senlin.cloud import compute
from senlin.cloud import errors
from senlin.cloud import image
from senlin.cloud import memory
from senlin.cloud import network
from senlin.cloud import trusts
from senlin.common import clock as clocks
from senlin.conf import CONF

LOG = logging.getLogger(__name__)

CONNECT_TIMEOUT = 5.0
READ_TIMEOUT = 60.0
_CONNECTIONS = 64
_ENDPOINT_TTL = 600.0
_USER_AGENT = "senlin"

#: Service type -> (the SDK's proxy, lowest and highest version of its API).
_SERVICES = {
    "compute": (compute_proxy.Proxy, "2.1", "2.latest"),
    "network": (network_proxy.Proxy, "2.0", "2.latest"),
    "image": (image_proxy.Proxy, "2", "2.latest"),
    "block-storage": (block_storage_proxy.Proxy, "3", "3.latest"),
}


class _Transport(adapters.HTTPAdapter):
    """Connections with a deadline on every request."""

    def send(self, request, timeout=None, **kwargs):
        if timeout is None or isinstance(timeout, (int, float)):
            timeout = (CONNECT_TIMEOUT, timeout or READ_TIMEOUT)
        return super().send(request, timeout=timeout, **kwargs)


class Link:
    """How one owner's calls get to the services of one region.

    :ivar project: the project the calls work in.
    """

    def __init__(self, pool, auth, region, project, on_refusal=None):
        self._pool = pool
        self._auth = auth
        self._region = region
        self.project = project
        self._on_refusal = on_refusal
        self._lock = threading.Lock()
        self._proxies = {}
        self.session = pool.new_session(auth)
        self.connection = connection.Connection(session=self.session, region_name=region)

    def send(self, service_type, method, path, json, microversion):
        """Send one request, once; gives the requests.Response of any status."""
        context = oslo_context.get_current()
        request_id = None if context is None else context.request_id
        options = {} if json is None else {"json": json}
        # The proxy as the keystoneauth adapter that it is: its own request()
        # keeps caches and statistics that nobody reads here. Nothing is logged
        # on the way, since bodies carry passwords and user data.
        return adapter.Adapter.request(
            self._proxy(service_type),
            path,
            method,
            raise_exc=False,
            connect_retries=0,
            status_code_retries=0,
            microversion=microversion,
            global_request_id=request_id,
            log=False,
            **options,
        )

    def breaker(self, service_type):
        """The circuit breaker of a service in this region."""
        return self._pool.breaker(service_type, self._region)

    def refused(self, error):
        """To be called when the identity service refuses the owner's credentials.

        :returns: the CloudError to raise: the given one, with the words for the owner.
        """
        return error if self._on_refusal is None else self._on_refusal(error)

    def _proxy(self, service_type):
        now = self._pool.clock.monotonic()
        known = self._proxies.get(service_type)
        if known is not None and now < known[0]:
            return known[1]
        with self._lock:
            known = self._proxies.get(service_type)
            if known is not None and now < known[0]:
                return known[1]
            proxy = self._make_proxy(service_type)
            self._proxies[service_type] = (now + _ENDPOINT_TTL, proxy)
            return proxy

    def _make_proxy(self, service_type):
        proxy_class, lowest, highest = _SERVICES[service_type]
        wanted = {
            "service_type": service_type,
            "interface": CONF.authentication.interface,
            "region_name": self._region,
        }
        if self.session.get_endpoint(skip_discovery=True, **wanted) is None:
            raise ksa.EndpointNotFound(service_type)
        found = self.session.auth.get_endpoint_data(
            self.session, min_version=lowest, max_version=highest, **wanted
        )
        # Where the service cannot be asked, keystoneauth gives the catalogue's URL, which
        # may lack the version: with that, all would seem not to exist.
        if found is None or found.api_version is None:
            raise errors.CloudError(
                f"The {service_type} service does not tell which versions of its API it has.",
                reason=errors.ReasonClass.UNAVAILABLE,
                service=service_type,
                retryable=True,
            )
        proxy = proxy_class(
            session=self.session,
            endpoint_override=found.url,
            **wanted,
        )
        proxy._connection = self.connection
        return proxy


class Cloud:
    """What one owner can do in one region.

    :ivar user: the owner's user id. :ivar project: the owner's project id.
    :ivar region: the region, None = the only one.
    :ivar compute: see ``compute.Compute``; likewise ``network``, ``image`` and
        ``block_storage``.
    """

    def __init__(self, link, user, project, region, found):
        self.user = user
        self.project = project
        self.region = region
        self.link = link
        self.compute = compute.Compute(link)
        self.network = network.Network(link)
        self.image = image.Image(link)
        self.block_storage = block_storage.BlockStorage(link)
        self._found = found

    def look_up(self, kind, name):
        """The object of a kind that a user calls by name or id, as JSON.

        Answers are kept for a minute. Kinds: flavor, image, network, subnet,
        security_group, key_pair, volume_type.

        :raises CloudError: status 404 if there is none.
        """
        return self._found.get(
            (self.user, self.project, self.region, kind, name), lambda: self._find(kind, name)
        )

    def forget(self, kind, name):
        """Look an object up anew the next time, such as after it was refused."""
        self._found.drop((self.user, self.project, self.region, kind, name))

    def zones(self):
        """Names of the availability zones that take servers, kept for a minute."""
        key = (self.user, self.project, self.region, "zones", None)
        return self._found.get(key, self.compute.zones)

    def _find(self, kind, name):
        finders = {
            "flavor": self.compute.flavor,
            "image": self.image.image,
            "network": self.network.network,
            "subnet": self.network.subnet,
            "security_group": self.network.security_group,
            "key_pair": self.compute.key_pair,
            "volume_type": self.block_storage.volume_type,
        }
        found = finders[kind](name)
        if found is None:
            raise errors.CloudError(
                f"The {kind.replace('_', ' ')} '{name}' could not be found.",
                status=404,
                reason=_MISSING.get(kind, errors.ReasonClass.NOT_FOUND),
            )
        return found


_MISSING = {
    "image": errors.ReasonClass.IMAGE,
    "network": errors.ReasonClass.NETWORK,
    "subnet": errors.ReasonClass.NETWORK,
    "security_group": errors.ReasonClass.NETWORK,
}


class SessionPool:
    """Clouds by owner and region: made once, kept, bounded, thread-safe.

    :param clock: for lifetimes; tests bring their own.
    :param size: how many owners' sessions are kept.
    """

    def __init__(self, clock=None, size=256):
        self.clock = clock or clocks.SystemClock()
        self._size = size
        self._lock = threading.RLock()
        self._clouds = collections.OrderedDict()
        self._breakers = {}
        self._discovered = {}
        self._found = memory.Memory(self.clock)
        self._transport = requests.Session()
        self._transport.trust_env = False
        for scheme in ("http://", "https://"):
            self._transport.mount(
                scheme, _Transport(pool_connections=_CONNECTIONS, pool_maxsize=_CONNECTIONS)
            )
        self.trusts = trusts.Trusts(self)

    def for_owner(self, user, project, region=None):
        """The cloud as the owner of an object sees it.

        :raises CloudError: reason ``auth`` when no trust of this owner is known.
        """
        region = region or CONF.default_region_name
        return self._get((user, project, region), lambda: self._owner_cloud(user, project, region))

    def for_service(self, region=None):
        """The cloud as the service user sees it in its own project."""
        region = region or CONF.default_region_name
        return self._get((None, None, region), lambda: self._service_cloud(region))

    def public_endpoint(self, service_type):
        """The address of a service for the outside, None if the catalog has none.

        :raises CloudError: if the catalog cannot be had.
        """
        region = CONF.default_region_name
        session = self.for_service().link.session
        try:
            return session.get_endpoint(
                service_type=service_type,
                interface="public",
                region_name=region,
                skip_discovery=True,
            )
        except ksa.EndpointNotFound:
            return None
        except (ksa.ClientException, requests.exceptions.RequestException) as error:
            raise errors.translate(error, "identity") from error

    def forget(self, user, project):
        """Drop an owner's sessions, such as after the trust was renewed."""
        with self._lock:
            for key in [key for key in self._clouds if key[:2] == (user, project)]:
                del self._clouds[key]

    def close(self):
        """Close all connections."""
        with self._lock:
            self._clouds.clear()
        self._transport.close()

    def breaker(self, service_type, region):
        """The circuit breaker of a service in a region."""
        key = (service_type, region)
        found = self._breakers.get(key)
        if found is None:
            with self._lock:
                found = self._breakers.setdefault(key, breaker.Breaker(service_type, self.clock))
        return found

    def open_breakers(self):
        """Service type -> in how many regions it is taken for down."""
        with self._lock:
            known = list(self._breakers.items())
        found = collections.Counter({service: 0 for (service, _), _ in known})
        found.update(service for (service, _), item in known if item.is_open)
        return found

    def new_session(self, auth):
        """A keystoneauth session on the shared connections."""
        options = CONF.authentication
        verify = options.verify_ssl
        if verify and options.cafile:
            verify = options.cafile
        certificate = options.certfile
        if certificate and options.keyfile:
            certificate = (options.certfile, options.keyfile)
        return ksa_session.Session(
            auth=auth,
            session=self._transport,
            verify=verify,
            cert=certificate,
            user_agent=_USER_AGENT,
            discovery_cache=self._discovered,
        )

    def service_auth(self, **scope):
        """The service user's password, for a scope such as a trust."""
        options = CONF.authentication
        return v3.Password(
            auth_url=options.auth_url,
            username=options.service_username,
            password=options.service_password,
            user_domain_name=options.service_user_domain,
            **scope,
        )

    def _get(self, key, make):
        with self._lock:
            cloud = self._clouds.get(key)
            if cloud is not None:
                self._clouds.move_to_end(key)
                return cloud
        made = make()
        with self._lock:
            cloud = self._clouds.setdefault(key, made)
            while len(self._clouds) > self._size:
                self._clouds.popitem(last=False)
            return cloud

    def _owner_cloud(self, user, project, region):
        trust = self.trusts.known(user, project)
        if trust is None:
            raise errors.CloudError(
                f"The trust for trustor '{user}' could not be found.",
                reason=errors.ReasonClass.AUTH,
                service="identity",
            )

        def refused(error):
            told = f"The trust of user {user} in project {project} was refused"
            LOG.warning("%s: %s", told, error.message)
            self.trusts.forget(user, project)
            return errors.CloudError(
                f"{told}: {error.message}",
                status=error.status,
                reason=error.reason,
                service=error.service,
            )

        auth = self.service_auth(trust_id=trust)
        return Cloud(Link(self, auth, region, project, refused), user, project, region, self._found)

    def _service_cloud(self, region):
        options = CONF.authentication
        auth = self.service_auth(
            project_name=options.service_project_name,
            project_domain_name=options.service_project_domain,
        )
        return Cloud(Link(self, auth, region, None), None, None, region, self._found)


_default = None
_default_lock = threading.Lock()


def pool():
    """The process's own pool, made at first use."""
    global _default
    with _default_lock:
        if _default is None:
            _default = SessionPool()
        return _default


def reset():
    """Close the process's pool; the next use makes a new one."""
    global _default
    with _default_lock:
        old, _default = _default, None
    if old is not None:
        old.close()
