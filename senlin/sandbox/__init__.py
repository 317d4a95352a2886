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

"""A simulated OpenStack cloud, served over HTTP on loopback.

``senlin-sandbox`` runs it as a process, :class:`senlin.sandbox.server.SandboxServer`
within one. Clients cannot tell it from a real cloud: they log in at
``/identity/v3`` and find compute, placement, network and image in the catalogue.

* ``store`` keeps everything in memory and journals it;
* ``web``, ``routing``, ``faults`` and ``application`` are what services are made
  of and served by;
* ``identity``, ``network``, ``image``, ``compute`` and ``placement`` are the
  services, ``cloud`` puts them together;
* ``knobs`` makes things go slow and wrong, and ``control`` is the HTTP API of
  the knobs, the call counters and the reset.

A new cloud has projects admin, demo, alt and service; users admin, demo, alt,
reader, manager and clustering, all with the password ``secret``; images cirros
and fedora; flavors m1.nano to m1.xlarge; networks private and public.
"""
