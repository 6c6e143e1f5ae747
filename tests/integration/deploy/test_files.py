"""What real machines are given: units, proxy, compose file and scripts pass the tools that read them."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from edgeshop.qa.node import REPOSITORY

pytestmark = pytest.mark.integration
DEPLOY = REPOSITORY / "deploy"
UNITS = sorted(path for ending in ("service", "target", "timer") for path in DEPLOY.rglob(f"*.{ending}"))


def needs(tool: str) -> str:
    found = shutil.which(tool)
    if found is None:
        pytest.skip(reason=f"{tool} is not on this machine")
    return found


def run(*command: str | Path, **environment: str) -> str:
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment or None, timeout=60)
    assert done.returncode == 0, done.stderr
    return done.stdout + done.stderr


def test_systemd_takes_the_units_of_both_roles(tmp_path):
    analyze = needs("systemd-analyze")
    for unit in UNITS:
        text = unit.read_text(encoding="utf-8").replace("/opt/edgeshop", str(REPOSITORY))
        (tmp_path / unit.name).write_text(text, encoding="utf-8")

    said = run(analyze, "verify", "--man=no", *[tmp_path / unit.name for unit in UNITS])

    assert (len(UNITS), said) == (11, "")


@pytest.mark.parametrize("role", ["cloud", "kiosk"])
def test_every_service_of_a_role_reads_its_environment_and_secrets_the_same_way(role):
    services = [path for path in UNITS if path.name.startswith(f"edgeshop-{role}") and "backup" not in path.name]

    assert len([path for path in services if path.suffix == ".service"]) == {"cloud": 3, "kiosk": 4}[role]
    for service in (path for path in services if path.suffix == ".service"):
        lines = service.read_text(encoding="utf-8").splitlines()
        assert f"EnvironmentFile=/etc/edgeshop/{role}.env" in lines
        assert f"Environment=EDGESHOP_ROLE={role} EDGESHOP_STATE=/var/lib/edgeshop/{role}" in lines
        assert f"LoadCredential=vault:/etc/edgeshop/{role}.vault" in lines
        assert {"User=edgeshop", "Restart=always", "NoNewPrivileges=yes", "ProtectSystem=strict"} <= set(lines)


def test_caddy_takes_the_proxy_s_file(tmp_path):
    caddy = needs("caddy")

    said = run(
        caddy, "validate", "--adapter", "caddyfile", "--config", DEPLOY / "cloud/Caddyfile",
        HOME=str(tmp_path), PATH="/usr/bin:/bin", EDGESHOP_DOMAIN="cloud.example.org",
    )  # fmt: skip

    assert "Valid configuration" in said


def test_compose_takes_the_cloud_s_file(tmp_path):
    docker = needs("docker")
    if subprocess.run([docker, "compose", "version"], capture_output=True, check=False).returncode != 0:
        pytest.skip(reason="docker is here without its compose plug-in, which Debian 12 does not package")

    run(
        docker, "compose", "--file", DEPLOY / "cloud/compose.yaml", "config", "--quiet",
        HOME=str(tmp_path), PATH="/usr/bin:/bin", EDGESHOP_DOMAIN="cloud.example.org",
    )  # fmt: skip


@pytest.mark.parametrize("script", sorted(DEPLOY.rglob("*.sh")), ids=lambda path: path.name)
def test_every_script_is_a_program_that_a_plain_shell_reads(script):
    assert script.stat().st_mode & 0o111
    run("/bin/sh", "-n", script)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may become the services' user")
def test_commands_run_with_the_environment_and_the_secrets_of_the_services(tmp_path):
    (tmp_path / "kiosk.env").write_text("EDGESHOP_CLOUD_URL=https://cloud.example.org\n")
    (tmp_path / "kiosk.vault").write_text("a-credential-that-is-long-enough\n")
    (tmp_path / "kiosk.secret-key").write_text("k" * 60 + "\n")

    said = run(
        DEPLOY / "manage.sh", "kiosk", "keystore", "init",
        PATH="/usr/sbin:/usr/bin:/sbin:/bin", EDGESHOP_ETC=str(tmp_path), EDGESHOP_USER="root",
        EDGESHOP_STATE=str(tmp_path / "state"),
    )  # fmt: skip

    assert f"file keystore at {tmp_path}/state/keys, trust level 1" in said
    assert (tmp_path / "state/keys/keystore.json").exists()


@pytest.mark.parametrize("template", sorted(DEPLOY.rglob("*.env.example")), ids=lambda path: path.name)
def test_templates_hold_no_secret_and_only_variables_that_are_read(template):
    known = set(re.findall(r"^\| `([A-Z_]+)` \|", (REPOSITORY / "docs/configuration.md").read_text(), re.MULTILINE))
    lines = [line for line in template.read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")]

    names = {line.partition("=")[0] for line in lines}

    assert names
    assert names <= known
    assert not {name for name in names if "SECRET" in name or "CREDENTIAL" in name}
    assert not [line for line in lines if re.search(r"://[^/\s]*:[^/\s]*@", line)]
