"""What Dovecot is told for tests: the folders of a usual mailbox, a certificate, in the words of its version."""

from __future__ import annotations

import getpass
import grp
import os
import pwd
import subprocess
from pathlib import Path

_CONFIG = """{version}
base_dir = {root}/run
state_dir = {root}/state
instance_name = recipflow-test
protocols = imap
listen = 127.0.0.1
ssl = yes
auth_mechanisms = plain login
auth_failure_delay = 0
mail_max_userip_connections = 100
mailbox_idle_check_interval = 1 secs
log_path = {root}/dovecot.log
first_valid_uid = 1
{users}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = {secure}
    ssl = yes
  }}
}}
service anvil {{
  chroot =
}}
namespace team {{
  type = public
  prefix = Team/
  separator = /
  list = children
  {team}
}}
namespace inbox {{
  inbox = yes
  separator = /
  mailbox Sent {{
    auto = create
    special_use = \\Sent
  }}
  mailbox Drafts {{
    auto = create
    special_use = \\Drafts
  }}
  mailbox Junk {{
    auto = create
    special_use = \\Junk
  }}
  mailbox Trash {{
    auto = create
    special_use = \\Trash
  }}
  mailbox "[Gmail]/All Mail" {{
    special_use = \\All
  }}
  mailbox "[Gmail]/Sent Mail" {{
    special_use = \\Sent
  }}
}}
"""

_TEAM_2_3 = "location = maildir:{root}/mail/%u-team"

_VERSION_2_3 = """
disable_plaintext_auth = no
mail_location = maildir:{root}/mail/%u
mail_attribute_dict =
ssl_cert = <{root}/cert.pem
ssl_key = <{root}/key.pem
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={root}/mail/%u
}}"""

_TEAM_2_4 = """mail_driver = maildir
  mail_path = {root}/mail/%{{user}}-team"""

# https://doc.dovecot.org/2.4.1/installation/upgrade/2.3-to-2.4.html; the version comes before all else.
_VERSION_2_4 = """dovecot_config_version = 2.4.0
dovecot_storage_version = 2.4.0
auth_allow_cleartext = yes
mail_driver = maildir
mail_path = {root}/mail/%{{user}}
ssl_server_cert_file = {root}/cert.pem
ssl_server_key_file = {root}/key.pem
passdb static {{
  password = {password}
}}
userdb static {{
  fields {{
    uid = {uid}
    gid = {gid}
    home = {root}/mail/%{{user}}
  }}
}}"""


def configured(binary: str, root: Path, port: int, secure: int, password: str) -> str:
    """The configuration of a server in `root`, where its certificate and folders are made."""
    as_root = os.geteuid() == 0
    owner = pwd.getpwnam("mail" if as_root else getpass.getuser())
    for name in ("run", "state", "mail"):
        (root / name).mkdir()
    if as_root:
        os.chown(root / "mail", owner.pw_uid, owner.pw_gid)
    _certify(root)
    version, team = (_VERSION_2_4, _TEAM_2_4) if _is_2_4(binary) else (_VERSION_2_3, _TEAM_2_3)
    known = {"root": root, "password": password, "uid": owner.pw_uid, "gid": owner.pw_gid}
    return _CONFIG.format(
        root=root,
        port=port,
        secure=secure,
        version=version.format(**known),
        team=team.format(**known),
        users="" if as_root else _all_as(owner),
    )


def _is_2_4(binary: str) -> bool:
    said = subprocess.run([binary, "--version"], check=True, capture_output=True, text=True).stdout
    return tuple(map(int, said.split()[0].split(".")[:2])) >= (2, 4)


def _all_as(owner: pwd.struct_passwd) -> str:
    group = grp.getgrgid(owner.pw_gid).gr_name
    users = ("default_internal_user", "default_login_user")
    return "\n".join([*(f"{one} = {owner.pw_name}" for one in users), f"default_internal_group = {group}"])


def _certify(root: Path) -> None:
    key, certificate = root / "key.pem", root / "cert.pem"
    about = "/CN=localhost -addext subjectAltName=DNS:localhost,DNS:post.haven.example,IP:127.0.0.1"
    subprocess.run(
        f"openssl req -x509 -newkey rsa:2048 -nodes -days 2 -keyout {key} -out {certificate} -subj {about}".split(),
        check=True,
        capture_output=True,
    )
