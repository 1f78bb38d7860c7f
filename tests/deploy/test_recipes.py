"""Every recipe is read by the tools that will read it, as far as they are installed, and refers to what exists."""

import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from monitor.cli import COMMANDS, cli
from monitor.settings import MonitorFile

ROOT = Path(__file__).resolve().parents[2]
DEPLOY = ROOT / "deploy"
DOCKERFILE = DEPLOY / "docker" / "Dockerfile"
METRICS = ROOT / "monitor" / "web" / "machines.py"
WORKLOADS = {"StatefulSet", "Deployment", "Job"}
yaml = pytest.importorskip("yaml", reason="PyYAML is not installed")


def tool(name: str) -> str:
    found = shutil.which(name)
    if not found:
        pytest.skip(f"{name} is not installed")
    return found


def documents(path: Path) -> list[dict[str, object]]:
    return [each for each in yaml.safe_load_all(path.read_text(encoding="utf-8")) if each]


def has_setting(variable: str) -> bool:
    section, _, key = variable.removeprefix("BONGSU__").lower().partition("__")
    field = MonitorFile.model_fields.get(section)
    return bool(field and key in field.annotation.model_fields)


# ---- container image ------------------------------------------------------------------------------


def instructions() -> list[tuple[str, str]]:
    text = re.sub(r"\\\n", " ", DOCKERFILE.read_text(encoding="utf-8"))
    lines = (line for line in text.splitlines() if line.strip() and not line.startswith("#"))
    return [(line.split(maxsplit=1)[0], line.split(maxsplit=1)[1]) for line in lines]


def test_the_image_has_two_stages_a_user_and_a_health_check() -> None:
    found = instructions()
    stages = [rest for word, rest in found if word == "FROM"]
    last = found[max(place for place, (word, _) in enumerate(found) if word == "FROM") :]
    assert [stage.split(" AS ")[1] for stage in stages] == ["build", "runtime"]
    assert ("USER", "10001:10001") in last
    assert any(word == "HEALTHCHECK" and '"bongsu", "healthcheck"' in rest for word, rest in last)
    assert not any(word == "RUN" and "pip" in rest for word, rest in last)


def test_the_image_installs_nothing_without_a_hash() -> None:
    installs = [rest for word, rest in instructions() if word == "RUN" and "pip install" in rest]
    for line in " && ".join(installs).split("&&"):
        if "pip install" in line:
            assert "--require-hashes" in line or "--no-index" in line


def test_every_path_that_the_image_copies_is_there_and_not_ignored() -> None:
    kept = set((DEPLOY / "docker" / "Dockerfile.dockerignore").read_text(encoding="utf-8").split())
    for word, rest in instructions():
        if word == "COPY" and "--from" not in rest:
            for name in rest.split()[:-1]:
                assert (ROOT / name).exists(), name
                assert f"!{name.rstrip('/')}" in kept


def test_hadolint_has_nothing_to_say() -> None:
    done = subprocess.run([tool("hadolint"), str(DOCKERFILE)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


# ---- compose --------------------------------------------------------------------------------------

COMPOSE = sorted((DEPLOY / "compose").glob("*.yml"))


@pytest.mark.parametrize("path", COMPOSE, ids=lambda path: path.stem)
def test_every_service_of_ours_is_hardened_and_refers_to_what_exists(path: Path) -> None:
    recipe = documents(path)[0]
    for name, service in recipe["services"].items():
        assert "no-new-privileges:true" in service["security_opt"], name
        if not service["image"].startswith("bongsu"):
            continue
        assert service["read_only"] is True
        assert service["cap_drop"] == ["ALL"]
        assert service["user"] == "10001:10001"
        command = service.get("command", ["run"])
        assert command[0] in COMMANDS or service.get("entrypoint"), command
        assert all(has_setting(key) for key in service.get("environment", {}) if key.startswith("BONGSU__"))
        assert set(service.get("secrets", ())) <= set(recipe["secrets"])
        if "build" in service:
            assert (path.parent / service["build"]["context"] / service["build"]["dockerfile"]).is_file()
            lock = service["build"].get("args", {}).get("LOCK", "runtime")
            assert (ROOT / "requirements" / f"{lock}.lock").is_file()
        for mounted in service.get("ports", ()):
            assert mounted.startswith("127.0.0.1:")


# ---- systemd --------------------------------------------------------------------------------------

UNITS = sorted((DEPLOY / "systemd").glob("*.*"))


def test_systemd_reads_every_unit_without_a_complaint(tmp_path: Path) -> None:
    analyze = tool("systemd-analyze")
    for unit in UNITS:
        # The program is not installed here; that is the one complaint that is not about the unit.
        text = re.sub(r"^ExecStart=.*\n", "", unit.read_text(encoding="utf-8"), flags=re.MULTILINE)
        if unit.suffix == ".service":
            text = text.replace("[Service]", "[Service]\nExecStart=/bin/true")
        (tmp_path / unit.name).write_text(text, encoding="utf-8")
    units = [str(tmp_path / unit.name) for unit in UNITS]
    done = subprocess.run([analyze, "verify", *units], capture_output=True, text=True, check=False)
    ours = [line for line in done.stderr.splitlines() if "bongsu" in line]
    assert ours == []


@pytest.mark.parametrize("unit", [unit for unit in UNITS if unit.suffix == ".service"], ids=lambda unit: unit.stem)
def test_the_units_exposure_is_at_most_one_and_a_half(unit: Path) -> None:
    command = [tool("systemd-analyze"), "security", "--offline=true", "--threshold=15", "--no-pager", str(unit)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-400:]


def test_the_daemon_is_watched_and_stops_in_time() -> None:
    unit = (DEPLOY / "systemd" / "bongsu.service").read_text(encoding="utf-8")
    for line in ("Type=notify", "WatchdogSec=60", "ExecReload=/bin/kill -HUP $MAINPID", "LoadCredential=slack.token:"):
        assert f"\n{line}" in unit
    for variable in re.findall(r"BONGSU__\w+", unit):
        assert has_setting(variable)


# ---- Kubernetes -----------------------------------------------------------------------------------

KUBERNETES = DEPLOY / "kubernetes"


def manifests() -> Iterator[tuple[str, dict[str, object]]]:
    for folder in sorted(KUBERNETES.iterdir()):
        plan = documents(folder / "kustomization.yaml")[0]
        for name in plan["resources"]:
            if name.endswith(".yaml"):
                for each in documents(folder / name):
                    yield f"{folder.name}/{name}/{each['kind']}", each


def pods() -> list[tuple[str, dict[str, object]]]:
    return [(name, each["spec"]["template"]) for name, each in manifests() if each["kind"] in WORKLOADS]


@pytest.mark.parametrize(("name", "pod"), pods(), ids=lambda value: value if isinstance(value, str) else "")
def test_every_pod_keeps_the_restricted_rules(name: str, pod: dict[str, object]) -> None:
    spec = pod["spec"]
    assert spec["securityContext"]["runAsNonRoot"] is True
    assert spec["securityContext"]["seccompProfile"]["type"] == "RuntimeDefault"
    assert spec["automountServiceAccountToken"] is False
    volumes = {volume["name"] for volume in spec["volumes"]} | {"data"}
    for container in spec["containers"]:
        rules = container["securityContext"]
        assert rules["allowPrivilegeEscalation"] is False
        assert rules["readOnlyRootFilesystem"] is True
        assert rules["capabilities"]["drop"] == ["ALL"]
        assert container["args"][0] in COMMANDS
        assert {mount["name"] for mount in container["volumeMounts"]} <= volumes
        for variable in container.get("env", ()):
            assert not variable["name"].startswith("BONGSU__") or has_setting(variable["name"])


def test_secrets_are_not_for_everybody_and_every_file_of_a_plan_is_there() -> None:
    for _, pod in pods():
        modes = [volume["secret"]["defaultMode"] for volume in pod["spec"]["volumes"] if "secret" in volume]
        assert all(mode & 0o007 == 0 for mode in modes)
    for folder in KUBERNETES.iterdir():
        plan = documents(folder / "kustomization.yaml")[0]
        named = [*plan["resources"], *(patch["path"] for patch in plan.get("patches", ()) if "path" in patch)]
        named += [name for made in plan.get("configMapGenerator", ()) for name in made["files"]]
        for name in named:
            assert (folder / name).exists(), name


def test_the_schemas_of_kubernetes_hold() -> None:
    validator = pytest.importorskip("kubernetes_validate", reason="kubernetes-validate is not installed")
    for _, each in manifests():
        validator.validate(each, "1.33", strict=True)


def test_the_shipped_configuration_of_the_pods_is_right(tmp_path: Path) -> None:
    for name in ("monitor.toml", "receivers.toml", "routes.toml", "watch.toml"):
        shutil.copyfile(KUBERNETES / "base" / name, tmp_path / name)
    done = CliRunner().invoke(cli, ["check", "--config", str(tmp_path)])
    assert done.exit_code == 0, done.output


# ---- Prometheus and Grafana -----------------------------------------------------------------------


def offered() -> set[str]:
    text = METRICS.read_text(encoding="utf-8")
    counted = re.search(r"_COUNTS = \{(.*?)\n\}", text, re.DOTALL)
    assert counted
    names = {f"bongsu_{name}" for name in re.findall(r'"(\w+)":', counted.group(1))}
    return names | set(re.findall(r'"(bongsu_\w+)"', text))


def test_alarms_and_panels_ask_for_metrics_that_are_offered() -> None:
    rules = documents(DEPLOY / "prometheus" / "rules.yml")[0]
    asked = [rule["expr"] for group in rules["groups"] for rule in group["rules"]]
    asked += [target["expr"] for panel in dashboard()["panels"] for target in panel["targets"]]
    for expression in asked:
        assert set(re.findall(r"bongsu_\w+?(?=_bucket|_sum|_count|\b)", expression)) <= offered(), expression


def test_every_alarm_says_what_to_do() -> None:
    for group in documents(DEPLOY / "prometheus" / "rules.yml")[0]["groups"]:
        for rule in group["rules"]:
            assert rule["annotations"]["summary"]
            assert rule["annotations"]["remedy"]


def dashboard() -> dict[str, object]:
    return json.loads((DEPLOY / "grafana" / "dashboard.json").read_text(encoding="utf-8"))


def test_promtool_accepts_rules_and_their_tests_and_the_panels(tmp_path: Path) -> None:
    promtool, folder = tool("promtool"), DEPLOY / "prometheus"
    panels = [target["expr"] for panel in dashboard()["panels"] for target in panel["targets"]]
    recorded = [{"record": f"panel:{number}", "expr": expression} for number, expression in enumerate(panels)]
    (tmp_path / "panels.yml").write_text(yaml.safe_dump({"groups": [{"name": "panels", "rules": recorded}]}))
    commands = (
        ["check", "rules", str(folder / "rules.yml")],
        ["check", "rules", str(tmp_path / "panels.yml")],
        ["test", "rules", "rules_test.yml"],
        ["check", "config", "--syntax-only", str(folder / "scrape.yml")],
    )
    for command in commands:
        done = subprocess.run([promtool, *command], cwd=folder, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr


def test_the_readme_names_every_recipe() -> None:
    told = (DEPLOY / "README.md").read_text(encoding="utf-8")
    for folder in DEPLOY.iterdir():
        assert folder.name in told or folder.name == "README.md"
    for link in re.findall(r"\]\(([^)#]+)", told):
        assert (DEPLOY / link).exists(), link
