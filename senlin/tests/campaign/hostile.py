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

"""What has broken services before: values, paths, queries and headers."""

import json

DEEP = 50_000
_BOMB = 'a: &a ["x","x","x","x","x","x","x","x","x"]\n' + "\n".join(
    f"{chr(98 + n)}: &{chr(98 + n)} [" + ",".join([f"*{chr(97 + n)}"] * 9) + "]" for n in range(12)
)

#: Texts of JSON values, not all of them valid.
VALUES = (
    *("null", "true", "false", "0", "-1", "1", "[]", "{}", '""', '" "', '"1"', '"-1"'),
    *('"."', '".."', '"/"', '"?"', '"#"'),
    *("2147483647", "2147483648", "-2147483649", "9223372036854775807", "9223372036854775808"),
    *("-9223372036854775809", "18446744073709551616", "1e308", "1e309", "1e400", "-1e400"),
    *("1e-400", "-0.0", "0.1", "1.0", "1E2", "NaN", "Infinity", "-Infinity", "0x10", "01", "+1"),
    "9" * 400,
    "9" * 5000,
    '"' + "9" * 5000 + '"',
    "1." + "0" * 5000,
    '"\\u0000"',
    '"a\\u0000b"',
    '"\\ud800"',
    '"\\udc00\\ud800"',
    '"\\ud83d\\ude00"',
    '"\\u202e\\u200b\\ufeff"',
    '"\u00e9\u4e2d\U0001f4a5"',
    '"' + "e\u0301" * 200 + '"',
    '"' + "a" * 256 + '"',
    '"' + "a" * 70_000 + '"',
    '"' + "\U0001f4a5" * 20_000 + '"',
    '"' + "\\\\" * 3000 + '"',
    '"../../../etc/passwd"',
    '"%00%2f%0d%0a"',
    '"a\\r\\nSet-Cookie: x=1"',
    '"\'; DROP TABLE cluster; --"',
    '"${jndi:ldap://127.0.0.1/x}"',
    '"{{7*7}}{0.__class__}%s%n"',
    '"<script>alert(1)</script>"',
    '"!!python/object/apply:os.system [id]"',
    json.dumps(_BOMB),
    json.dumps({"type": "os.nova.server", "version": "1.0", "properties": _BOMB}),
    "[" * 101 + "]" * 101,
    "[" * DEEP + "]" * DEEP,
    "[" * DEEP,
    '{"a":' * 101 + "1" + "}" * 101,
    '{"a":' * DEEP + "1" + "}" * DEEP,
    '{"a":' * 99 + "{}" + "}" * 99,
    "[" + ",".join(["1"] * 100_000) + "]",
    "[" + ",".join(['"x"'] * 20_000) + "]",
    "[1," + ",".join(f'"{n}"' for n in range(20_000)) + "]",
    "{" + ",".join(f'"k{n}":{n}' for n in range(30_000)) + "}",
    '{"' + "k" * 50_000 + '": 1}',
    '{"a": 1, "a": 2}',
    '{"": {"": {"": []}}}',
    '{"__proto__": {"x": 1}, "constructor": 1}',
    '{"\\u0000": 1}',
    '{"\\ud800": 1}',
    '{"a": 1,}',
    "{'a': 1}",
    "[1, 2",
    '"unterminated',
    "undefined",
    "/* c */ 1",
)

#: Segments of paths, as they are sent.
SEGMENTS = (
    *(".", "..", "%2e", "%2e%2e", "..%2f..%2f", "%2f", "%2F%2F", "%5c", "\\", "%252e%252e"),
    *("%00", "a%00b", "%0d%0a", "%0aX", "%ff", "%c0%af", "%ed%a0%80", "%f0%9f%92%a5", "%u0041"),
    *("%", "%%", "%2", "%zz", ";", ";a=b", "x;jsessionid=1", ":", "@", "*", "+", "~", "!", "$"),
    *("'", "%22", "%27%20OR%201=1", "_", "%25", "%5f", "None", "null", "true", "0", "-1", "1e400"),
    "9" * 400,
    "a" * 255,
    "a" * 256,
    "a" * 8000,
    "a" * 45_000,
    "%f0%9f%92%a5" * 100,
    "e%cc%81" * 100,
    "00000000-0000-0000-0000-000000000000",
    "ffffffff-ffff-ffff-ffff-ffffffffffff",
    "{00000000-0000-0000-0000-000000000000}",
    "urn:uuid:00000000-0000-0000-0000-000000000000",
    "$..*",
    "$.[?(@)]",
    "$.." + "x" * 200,
    "metadata." * 60 + "x",
    "[" * 300,
    "((((((((((((((((((((",
    "$..name" + "..name" * 40,
    "trigger",
    "validate",
    "adopt",
    "policies",
)

#: Whole paths.
PATHS = (
    *("//", "///v1/clusters", "/v1//clusters", "/v1/./clusters", "/v1/../v1/clusters", "/v1/x/"),
    *("/v1/clusters/../../v1", "/%76%31/clusters", "/v1%2fclusters", "/v1/clusters%2f", "/V1/x"),
    *("/v1/clusters;x=1", "/v1/clusters/", "/v1/clusters//x", "/v1/clusters.json", "/v1.0/nodes"),
    *("/v01/nodes", "/v1.00/nodes", "/v999999999999999999999999/nodes", "/v1./nodes", "/v-1/x"),
    *("/v1/webhooks//trigger", "/v1/webhooks/%2f/trigger", "/v1/webhooks/x/trigger/y", "/.git"),
    *("/v1/clusters/%", "/v1/%00", "/%00", "/healthcheck/../v1/services", "/healthcheck/x", "/*"),
    "/v1" + "/a" * 5000,
    "/v1/clusters/x/attrs/" + "a/" * 100,
)

#: Queries, as they are sent.
QUERIES = (
    *(
        "&&&",
        "=",
        "=&=",
        "a",
        "limit",
        "limit=",
        "limit=1e400",
        "limit=-0",
        "limit=%00",
        "limit=+1",
    ),
    *("limit=9223372036854775808", "limit=" + "9" * 5000, "limit=0x10", "limit=1&limit=x"),
    *(
        "marker=%00",
        "marker=x",
        "marker=" + "0" * 32,
        "marker=" + "f" * 36,
        "sort=" + ",name" * 900,
    ),
    *("sort=%ff", "sort=name:%00", "sort=::", "sort=name:asc:desc", "sort=__class__", "sort=id"),
    *("global_project=%00", "global_project=TRUE", "force=1", "force=%ff", "V=2", "V=1", "V=%00"),
    *("name=%ff", "name=%ed%a0%80", "name=%00", "name=" + "a" * 40_000, "name=in:" + "a," * 4000),
    *("name=in:", "name=nin:,", "name=neq:", "name=gt:%00", "name=like:%25", "created_at=gt:x"),
    *("created_at=gt:9999-12-31T23:59:59Z", "created_at=lt:0000-00-00", "updated_at=gte:1e400"),
    *("created_at=in:2026-01-01,2026-13-01", "level=gt:x", "level=0", "status=%f0%9f%92%a5"),
    *("cluster_id=%00", "cluster_id=..", "cluster_id=" + "9" * 400, "show_details=%00"),
    *("enabled=maybe", "policy_type=%25", "user=%27%20OR%201=1", "_method=DELETE"),
    "&".join(f"name={n}" for n in range(2000)),
    "&".join(f"k{n}=1" for n in range(20_000)),
    "a=%" * 500,
)

#: Sets of headers; None leaves out one that is usually sent.
HEADERS = (
    [("OpenStack-API-Version", "clustering " + value)]
    for value in (
        *(
            "",
            "1",
            "1.",
            ".1",
            "1.1.1",
            "01.1",
            "1.01",
            "-1.1",
            "1.-1",
            "99.99",
            "latest",
            "LATEST",
        ),
        *("1." + "9" * 5000, "\u0661.\u0661".encode().decode("latin-1"), "1.14, clustering x"),
        *("1.14,,,,", "nan", "1e1.1", "1.1\x00", "x" * 15_000),
    )
)
HEADERS = (
    *HEADERS,
    *(
        [("Content-Type", value)]
        for value in (
            *("", "text/xml", "application/x-www-form-urlencoded", "multipart/form-data", "json"),
            *(
                "application/json; charset=utf-16",
                "application/json; charset=x",
                "application/json;;;",
            ),
            *("/", ";", "a" * 10_000, "application/vnd.api+json", "text/plain; boundary=\x01"),
        )
    ),
    *([("Accept", value)] for value in ("", "text/html", "*/*;q=x", "a/b," * 3000, "\xff")),
    *(
        [("X-Auth-Token", value)]
        for value in (
            *("", "x", "x" * 15_000, "\xff\xfe", "' OR 1=1", "..", "gAAAAA" + "A" * 200, None),
        )
    ),
    [("X-Auth-Token", None), ("X-User-Id", "u"), ("X-Project-Id", "p"), ("X-Roles", "admin")],
    [("X-Auth-Token", None), ("X-Identity-Status", "Confirmed"), ("X-Roles", "admin")],
    [("X-Roles", "admin"), ("X-Is-Admin-Project", "True"), ("OpenStack-System-Scope", "all")],
    [("X-Service-Token", "x")],
    [("X-Service-Token", "\xff" * 100)],
    [("X-Forwarded-Proto", "javascript"), ("X-Forwarded-Host", "a b\tc"), ("Forwarded", "for=;")],
    [("X-Forwarded-Prefix", "/../" * 1000)],
    [("Host", "")],
    [("Host", "a" * 10_000)],
    [("Host", "evil.test/path?x#y")],
    [("X-OpenStack-Request-ID", "req-" + "x" * 5000)],
    [("X-OpenStack-Request-ID", "\xff")],
    [("Idempotency-Key", "")],
    [("Idempotency-Key", "k" * 10_000)],
    [("Idempotency-Key", "\xff\xfe"), ("OpenStack-API-Version", "clustering 1.16")],
    [("Idempotency-Key", "one"), ("OpenStack-API-Version", "clustering 1.16")],
    [("If-Match", '"' * 300), ("OpenStack-API-Version", "clustering 1.16")],
    [("If-Match", "*"), ("OpenStack-API-Version", "clustering 1.16")],
    [("If-Match", 'W/"x",' * 1000), ("OpenStack-API-Version", "clustering 1.16")],
    [("If-None-Match", "\xff")],
    [("Expect", "100-continue")],
    [("Range", "bytes=0-1")],
    [("Content-Encoding", "gzip")],
    [("Cookie", "a=b;" * 3000)],
    [("X-HTTP-Method-Override", "DELETE")],
    [(f"X-Header-{n}", "x" * 100) for n in range(90)],
)
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "TRACE", "PROPFIND", "get")
