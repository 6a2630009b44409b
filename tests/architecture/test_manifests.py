"""The Kubernetes manifests: rendered and validated offline, and what every workload must have."""

import shutil
import subprocess
from functools import cache
from pathlib import Path
from typing import Any

import kubernetes_validate
import pytest
import yaml

from shared.chassis.settings import Settings

ROOT = Path(__file__).parents[2]
VERSIONS = ("1.31", "1.34", "1.37")
SERVICES = ("screening", "rating", "monitoring", "tiering", "recovery")


@cache
def manifests() -> list[dict[str, Any]]:
    kubectl = shutil.which("kubectl")
    if kubectl is None:
        pytest.skip("MANIFESTS NOT CHECKED: there is no kubectl on this machine to render them")
    folder = ROOT / "deploy/k8s/overlays/production"
    command = [kubectl, "kustomize", str(folder)]
    rendered = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    return list(yaml.safe_load_all(rendered))


def of_kind(*kinds: str) -> list[dict[str, Any]]:
    return [each for each in manifests() if each["kind"] in kinds]


def containers() -> list[dict[str, Any]]:
    workloads = of_kind("Deployment", "Job")
    return [c for each in workloads for c in each["spec"]["template"]["spec"]["containers"]]


@pytest.mark.parametrize("version", VERSIONS)
def test_every_manifest_is_valid_strictly(version: str) -> None:
    for manifest in manifests():
        kubernetes_validate.validate(manifest, version, strict=True)


def test_every_service_has_an_api_and_a_worker() -> None:
    names = {each["metadata"]["name"] for each in of_kind("Deployment")}
    assert names == {f"{service}-{role}" for service in SERVICES for role in ("api", "worker")}


def test_a_deployment_starts_the_service_it_is_named_for() -> None:
    for each in of_kind("Deployment"):
        env = each["spec"]["template"]["spec"]["containers"][0]["env"]
        named = {entry["name"]: entry.get("value") for entry in env}
        assert each["metadata"]["name"].startswith(f"{named['SERVICE']}-")


def test_services_select_only_their_own_api() -> None:
    for each in of_kind("Service"):
        selector = each["spec"]["selector"]
        chosen = [
            deployment["metadata"]["name"]
            for deployment in of_kind("Deployment")
            if selector.items() <= deployment["spec"]["template"]["metadata"]["labels"].items()
        ]
        assert chosen == [f"{selector['app.kubernetes.io/name']}-api"]


def test_every_deployment_is_probed() -> None:
    for each in of_kind("Deployment"):
        container = each["spec"]["template"]["spec"]["containers"][0]
        assert container["livenessProbe"]["httpGet"]["path"] == "/healthz"
        assert container["readinessProbe"]["httpGet"]["path"] == "/readyz"
        assert container["startupProbe"]["httpGet"]["path"] == "/healthz"


def test_every_container_is_restricted_and_bounded() -> None:
    for container in containers():
        context = container["securityContext"]
        assert context["allowPrivilegeEscalation"] is False
        assert context["readOnlyRootFilesystem"] is True
        assert context["capabilities"] == {"drop": ["ALL"]}
        assert container["resources"]["requests"]
        assert container["resources"]["limits"]["memory"]


def test_every_pod_runs_as_nobody_in_particular() -> None:
    for each in of_kind("Deployment", "Job"):
        pod = each["spec"]["template"]["spec"]
        assert pod["securityContext"]["runAsNonRoot"] is True
        assert pod["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
        assert pod["automountServiceAccountToken"] is False


def test_secrets_come_by_reference_only() -> None:
    assert of_kind("Secret") == []
    for container in containers():
        for entry in container["env"]:
            if entry["name"] in {"OBLIGOR_DATABASE_URL", "OBLIGOR_ADMIN_TOKEN"}:
                assert "secretKeyRef" in entry["valueFrom"]


def test_every_setting_named_in_the_manifests_exists() -> None:
    known = {f"OBLIGOR_{name.upper()}" for name in Settings.model_fields}
    used = {name for each in of_kind("ConfigMap") for name in each["data"]}
    used |= {entry["name"] for c in containers() for entry in c["env"]} - {"SERVICE"}
    assert used <= known


def test_compose_names_only_settings_that_exist() -> None:
    known = {f"OBLIGOR_{name.upper()}" for name in Settings.model_fields}
    compose = yaml.safe_load((ROOT / "deploy/compose.yaml").read_text())
    for service in SERVICES:
        assert set(compose["services"][service]["environment"]) <= known


def test_the_image_is_multi_stage_and_not_root() -> None:
    lines = (ROOT / "deploy/Dockerfile").read_text().splitlines()
    assert sum(line.startswith("FROM ") for line in lines) == 2
    assert "USER 10001" in lines
