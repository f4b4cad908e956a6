"""What a server's answer to a bind means for the person. Pure; reads bytes with bounds."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from intranet.people.snapshot import LoginRefusal

POLICY_CONTROL = "1.3.6.1.4.1.42.2.27.8.5.1"
SUCCESS = 0
INVALID_CREDENTIALS = 49
# The server cannot answer now; another one may.
TROUBLE = frozenset({1, 2, 3, 51, 52, 54, 80, 81, 85, 91})

_AD_CODE = re.compile(r"\bdata ([0-9a-fA-F]{1,8})\b")
# Given by Active Directory only after the right password, except 775 (locked), which comes
# whatever the password is and would tell a stranger who exists.
_AD = {
    "530": LoginRefusal.NOT_NOW,
    "531": LoginRefusal.NOT_NOW,
    "532": LoginRefusal.EXPIRED,
    "533": LoginRefusal.DISABLED,
    "701": LoginRefusal.ACCOUNT_EXPIRED,
    "773": LoginRefusal.MUST_CHANGE,
}
_POLICY_EXPIRED = 0
_POLICY_MUST_CHANGE = 2
_LARGEST_CONTROL = 64
_SEQUENCE, _WARNING, _ERROR = 0x30, 0xA0, 0x81


def refusal_in(result: Mapping[str, Any]) -> LoginRefusal | None:
    """Return why the bind keeps the person out, or None when it lets in.

    Also a successful bind can keep out: OpenLDAP's "must change" lets bind and refuses the rest.
    """
    policy = policy_error(_control_value(result))
    if result.get("result") == SUCCESS:
        return LoginRefusal.MUST_CHANGE if policy == _POLICY_MUST_CHANGE else None
    if result.get("result") == INVALID_CREDENTIALS:
        if policy == _POLICY_EXPIRED:
            return LoginRefusal.EXPIRED
        code = _AD_CODE.search(str(result.get("message") or ""))
        if code:
            return _AD.get(code.group(1).lower(), LoginRefusal.WRONG)
    return LoginRefusal.WRONG


def _control_value(result: Mapping[str, Any]) -> bytes:
    controls = result.get("controls")
    if not isinstance(controls, Mapping):
        return b""
    control = controls.get(POLICY_CONTROL)
    value = control.get("value") if isinstance(control, Mapping) else None
    return value if isinstance(value, bytes) else b""


def policy_error(value: bytes) -> int | None:
    """Return the error number in a password policy response, or None.

    PasswordPolicyResponseValue ::= SEQUENCE { warning [0] OPTIONAL, error [1] ENUMERATED OPTIONAL }
    Anything that is not exactly this, or longer than the short form allows, is no answer.
    """
    if not 2 <= len(value) <= _LARGEST_CONTROL or value[0] != _SEQUENCE:
        return None
    if value[1] != len(value) - 2:
        return None
    rest = value[2:]
    while len(rest) >= 2:
        tag, length = rest[0], rest[1]
        if length > len(rest) - 2:
            return None
        content, rest = rest[2 : 2 + length], rest[2 + length :]
        if tag == _ERROR:
            return content[0] if length == 1 and not rest else None
        if tag != _WARNING:
            return None
    return None
