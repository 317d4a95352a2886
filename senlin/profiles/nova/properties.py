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

"""What a server's spec may say, and what can be asked of a server.

Names, types and defaults are those of the API contract, Annex H.1 and 3.2.
"""

from senlin.common.schema import AllowedValues
from senlin.common.schema import Boolean
from senlin.common.schema import Integer
from senlin.common.schema import List
from senlin.common.schema import Map
from senlin.common.schema import Operation
from senlin.common.schema import String

#: What ``context`` may hold: the names of request-context fields.
_CONTEXT = {
    "auth_token": String("Token to authenticate with."),
    "user_id": String("ID of the user."),
    "project_id": String("ID of the project."),
    "domain_id": String("ID of the domain."),
    "user_domain_id": String("ID of the user's domain."),
    "project_domain_id": String("ID of the project's domain."),
    "is_admin": Boolean("Whether the requester is an administrator."),
    "read_only": Boolean("Whether only reads are allowed."),
    "show_deleted": Boolean("Whether deleted objects are shown."),
    "request_id": String("ID of a request."),
    "auth_url": String("URL of the Identity service."),
    "trusts": String("ID of the trust to use."),
    "user_name": String("Name of the user."),
    "project_name": String("Name of the project."),
    "domain_name": String("Name of the domain."),
    "user_domain_name": String("Name of the user's domain."),
    "project_domain_name": String("Name of the project's domain."),
    "auth_token_info": Map("What is known about the token."),
    "region_name": String("Name of the region that servers are made in."),
    "roles": List("Names of roles.", schema=String("Name of a role.")),
    "password": String("Password of the user."),
    "api_version": String("Version of the API."),
}

#: Keys of ``context`` that would make the service act as somebody else. They are
#: known, so that they can be refused with a reason.
FOREIGN_IDENTITY = (
    "auth_token",
    "auth_url",
    "domain_id",
    "domain_name",
    "password",
    "project_domain_id",
    "project_domain_name",
    "project_id",
    "project_name",
    "trusts",
    "user_domain_id",
    "user_domain_name",
    "user_id",
    "user_name",
)

_BLOCK_DEVICE = {
    "uuid": String("ID of the source image, snapshot or volume."),
    "source_type": String("Source: image, snapshot, volume or blank.", required=True),
    "destination_type": String("Destination: volume or local.", required=True),
    "disk_bus": String("Bus of the device."),
    "device_name": String("Name of the device in the guest, such as vda."),
    "volume_size": Integer("Size of the block device in GB (MB for swap).", required=True),
    "guest_format": String("Format in the guest, such as swap, ephemeral or a filesystem."),
    "boot_index": Integer("Place in the boot order; -1 = never."),
    "device_type": String("Type of the device, such as disk or cdrom."),
    "delete_on_termination": Boolean("Whether the device ends with the server."),
    "volume_type": String("Name or ID of the volume type."),
}

_NETWORK = {
    "network": String("Name or ID of the network to have a port on."),
    "port": String("ID of an existing port to use."),
    "vnic_type": String("Type of the virtual NIC: normal, direct or macvtap."),
    "fixed_ip": String("Fixed address of the NIC; not together with 'port'."),
    "security_groups": List(
        "Names or IDs of the port's security groups.",
        schema=String("Name or ID of a security group."),
    ),
    "floating_network": String("Name or ID of the network that gives the floating address."),
    "floating_ip": String("Floating address to use; needs 'floating_network'."),
    "subnet": String("Name or ID of the subnet that gives the fixed address."),
}

_FILE = {
    "path": String("Path of the file in the guest.", required=True),
    "contents": String("Contents of the file.", required=True),
}

PROPERTIES = {
    "context": Map("Connection of its own for this profile.", schema=_CONTEXT),
    "admin_pass": String("Password of the server's administrator."),
    "auto_disk_config": Boolean("Whether the disk is partitioned automatically.", default=True),
    "availability_zone": String("Name of the availability zone to run in."),
    "block_device_mapping_v2": List(
        "Block devices of the server.",
        schema=Map("A block device.", schema=_BLOCK_DEVICE),
    ),
    "config_drive": Boolean("Whether the server has a config drive."),
    "flavor": String("Name or ID of the flavor.", required=True, updatable=True),
    "image": String("Name or ID of the image to boot from.", updatable=True),
    "key_name": String("Name of the key pair to inject."),
    "metadata": Map("Key-value pairs to associate with the server.", updatable=True),
    "name": String("Name of the server; the node's name when left out.", updatable=True),
    "networks": List(
        "Networks of the server, one entry for each NIC.",
        updatable=True,
        schema=Map("A NIC.", schema=_NETWORK),
    ),
    "personality": List("Files to inject into the server.", schema=Map("A file.", schema=_FILE)),
    "scheduler_hints": Map("Hints for the scheduler."),
    "security_groups": List(
        "Names of the server's security groups.",
        schema=String("Name of a security group."),
    ),
    "user_data": String("User data for the server's first boot."),
}

VERSIONS = {
    "1.0": [{"status": "SUPPORTED", "since": "2016.04"}],
    "1.1": [{"status": "SUPPORTED", "since": "2023.04"}],
    "1.2": [{"status": "SUPPORTED", "since": "2023.07"}],
}

VNIC_TYPES = ("normal", "direct", "macvtap")

#: Parameters of operations that are kept sealed.
SECRET_PARAMETERS = ("admin_pass",)

OPERATIONS = {
    "reboot": Operation(
        "Reboot the server.",
        {
            "type": String(
                "Type of the reboot.",
                default="SOFT",
                constraints=[AllowedValues(("SOFT", "HARD"))],
            )
        },
    ),
    "rebuild": Operation("Rebuild the server from its current image."),
    "change_password": Operation(
        "Change the administrator's password.", {"admin_pass": String("The new password.")}
    ),
    "pause": Operation("Pause the server."),
    "unpause": Operation("Let a paused server go on."),
    "suspend": Operation("Suspend the server."),
    "resume": Operation("Resume a suspended server."),
    "lock": Operation("Lock the server."),
    "unlock": Operation("Unlock the server."),
    "start": Operation("Start the server."),
    "stop": Operation("Stop the server."),
    "rescue": Operation(
        "Boot the server from a rescue image.",
        {"image_ref": String("Name or ID of the image; the server's own when left out.")},
    ),
    "unrescue": Operation("Boot a rescued server from its own disk again."),
    "evacuate": Operation(
        "Rebuild the server on another host when its own is down.",
        {
            "host": String("Name of the host to go to."),
            "force": String("Whether to go to that host without asking the scheduler."),
        },
    ),
}
