"""Real Helm, real API server: what the integration tests stand on.

A part that is missing fails the tests that need it, with the line that brings it; it never skips them.
"""

import base64
import contextlib
import ctypes
import gzip
import itertools
import json
import os
import pathlib
import re
import shutil
import signal
import socket
import ssl
import subprocess
import time
import urllib.error
import urllib.request

import kubelet
import pytest
import yaml

ROOT = pathlib.Path(__file__).resolve().parents[2]
CHARTS = ROOT / "testdata" / "charts"
PROGRAM = pathlib.Path(os.environ.get("HELM_ME_BIN", ROOT / "bin" / "helm-me")).resolve()
PARTS = pathlib.Path(
    subprocess.run([ROOT / "scripts/real-parts", "--dir"], check=True, capture_output=True, text=True).stdout.strip()
)
# Real charts' streams, which are no part of the project.
MANIFESTS = pathlib.Path(os.environ.get("HELM_ME_MANIFESTS", ROOT.parent / "shared/manifests"))
STREAMS = sorted(MANIFESTS.glob("*.yaml"))
STREAM_NAMES = [path.stem for path in STREAMS]
MATRIX = ["helm-3.14.4", "helm-3.17.4", "helm-3.18.6", "helm-3.19.5", "helm-4.2.4"]
HELMS = ["helm3", "helm4"] + (MATRIX if os.environ.get("HELM_ME_MATRIX") else [])

ANSI = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")


def part(name):
    """The path of a real part; fails the test where it is not there."""
    path = PARTS / name
    if not path.exists():
        what = {"kube-apiserver": "apiserver", "externalsecrets.yaml": "external-secrets"}.get(name, name)
        pytest.fail(f"{name} is missing: bring it with scripts/real-parts {what}", pytrace=False)
    return path


def die_with_parent():
    """In the child: end when the test run ends, however it ends. 1 is PR_SET_PDEATHSIG."""
    ctypes.CDLL(None).prctl(1, signal.SIGKILL)


def clean_environment(**more):
    """This process's environment without what would let a user's own Helm or helm-me set-up in, or a CI system's."""
    kept = {k: v for k, v in os.environ.items() if k != "CI" and not k.startswith(("HELM", "KUBE", "XDG_", "GITHUB_"))}
    return {**kept, **{k: str(v) for k, v in more.items()}}


@pytest.fixture(scope="session")
def program():
    if not PROGRAM.exists():
        pytest.fail(f"{PROGRAM} is missing: build it with scripts/build", pytrace=False)
    return PROGRAM


@pytest.fixture(scope="session")
def checkout(program, tmp_path_factory):
    """The plugin's files as a checkout has them, with the program under test in bin/."""
    folder = tmp_path_factory.mktemp("checkout")
    for name in ["plugin.yaml", "completion.yaml", "plugin.complete"]:
        shutil.copy2(ROOT / name, folder / name)
    shutil.copytree(ROOT / "plugins", folder / "plugins")
    (folder / "bin").mkdir()
    (folder / "bin/helm-me").symlink_to(program)
    (folder / "bin/helm-me-post").symlink_to("helm-me")
    return folder


@pytest.fixture
def post(checkout, tmp_path):
    """Runs helm-me-post: post(stdin, *arguments, env={…}, cwd=…) → CompletedProcess of bytes."""

    def run(manifests, *arguments, env=None, cwd=None):
        return subprocess.run(
            [checkout / "bin/helm-me-post", *map(str, arguments)],
            input=manifests,
            capture_output=True,
            cwd=cwd or tmp_path,
            env=clean_environment(**(env or {})),
            timeout=120,
        )

    return run


class Helm:
    """One Helm with homes of its own and helm-me among its plugins."""

    def __init__(self, name, home, checkout):
        self.name = name
        self.program = part(name)
        self.major = 4 if name in ("helm4", "helm-4.2.4") else 3
        self.home = home
        self.checkout = checkout
        self.plugins = home / "data/plugins"
        self.plugins.mkdir(parents=True)
        self.work = home / "work"
        self.work.mkdir()
        self.env = {
            "HELM_CACHE_HOME": home / "cache",
            "HELM_CONFIG_HOME": home / "config",
            "HELM_DATA_HOME": home / "data",
            "HELM_PLUGINS": self.plugins,
            "KUBECONFIG": home / "kubeconfig",
            "HOME": home,
        }

    def add_plugins(self, post_renderer=True):
        """What `helm plugin install FOLDER` does: a link. Tests of the installing itself are in test_plugin.py."""
        (self.plugins / "helm-me").symlink_to(self.checkout)
        if self.major == 4 and post_renderer:
            (self.plugins / "helm-me-post").symlink_to(self.checkout / "plugins/helm-me-post")

    def post_renderer(self, *arguments):
        """The options that wire helm-me-post by hand."""
        name = "helm-me-post" if self.major == 4 else str(self.checkout / "bin/helm-me-post")
        options = ["--post-renderer", name]
        for argument in arguments:
            options += ["--post-renderer-args", str(argument)]
        return options

    def run(self, *arguments, ok=True, env=None, cwd=None, program=None):
        done = subprocess.run(
            [program or self.program, *map(str, arguments)],
            capture_output=True,
            text=True,
            stdin=subprocess.DEVNULL,
            cwd=cwd or self.work,
            env=clean_environment(**{**self.env, **(env or {})}),
            timeout=300,
        )
        if ok is not None:
            assert (done.returncode == 0) == ok, f"exit {done.returncode}\n{done.stdout[-3000:]}\n{done.stderr}"
        return done

    def run_on_terminal(self, *arguments, env=None):
        """Runs with standard error on a terminal, as a person has it: (exit code, what was shown)."""
        reader, writer = os.openpty()
        with open(os.devnull, "wb") as nothing:
            child = subprocess.Popen(
                [self.program, *map(str, arguments)],
                stdin=subprocess.DEVNULL,
                stdout=nothing,
                stderr=writer,
                cwd=self.work,
                env=clean_environment(**{**self.env, **(env or {}), "TERM": "xterm"}),
            )
        os.close(writer)
        shown = b""
        with contextlib.suppress(OSError):  # EIO: the last writer has closed its end
            while piece := os.read(reader, 65536):
                shown += piece
        os.close(reader)
        return child.wait(timeout=60), ANSI.sub("", shown.decode()).replace("\r\n", "\n")

    def template(self, *arguments, **options):
        """Renders, and returns {(kind, name): object}."""
        return objects(self.run("template", *arguments, **options).stdout)


def make_helm(name, tmp_path, checkout, post_renderer=True):
    home = tmp_path / name
    home.mkdir()
    helm = Helm(name, home, checkout)
    helm.add_plugins(post_renderer)
    return helm


@pytest.fixture(params=HELMS)
def helm(request, tmp_path, checkout):
    return make_helm(request.param, tmp_path, checkout)


@pytest.fixture
def helm3(tmp_path, checkout):
    return make_helm("helm3", tmp_path, checkout)


@pytest.fixture
def helm4(tmp_path, checkout):
    return make_helm("helm4", tmp_path, checkout)


def objects(text):
    """{(kind, name): object} of a stream; a doubled one is an error."""
    found = {}
    for one in yaml.safe_load_all(text):
        if one is None:
            continue
        key = (one["kind"], one["metadata"]["name"])
        assert key not in found, f"{key} stands twice in the stream"
        found[key] = one
    return found


def pod_spec(one):
    """The pod spec of any workload."""
    spec = one["spec"]
    if one["kind"] == "CronJob":
        spec = spec["jobTemplate"]["spec"]
    return spec["template"]["spec"] if "template" in spec else spec


def containers(one):
    spec = pod_spec(one)
    return (spec.get("initContainers") or []) + spec["containers"]


def environment_of(container):
    """{name: value or valueFrom}; a doubled name is an error: Helm's patches refuse it later."""
    entries = container.get("env") or []
    names = [entry["name"] for entry in entries]
    assert len(names) == len(set(names)), f"env names stand twice: {names}"
    return {entry["name"]: entry.get("valueFrom", entry.get("value")) for entry in entries}


def secret_ref(name, key, **more):
    return {"secretKeyRef": {"name": name, "key": key, **more}}


def error_lines(text):
    return [line for line in text.splitlines() if line.startswith("error")]


def replacing_policy(rendered, renamed):
    """A policy that replaces every Secret of the stream by `live-<name>`, and what those hold."""
    bundles, live = {}, {}
    for (kind, name), one in rendered.items():
        if kind != "Secret":
            continue
        keys = kubelet.secret_values({(kind, name): one})[name]
        to = (lambda key: "NEW_" + re.sub(r"\W", "_", key)) if renamed else (lambda key: key)
        bundles[name] = {
            "existingSecret": f"live-{name}",
            "required": {to(key): {} for key in keys},
            "replaces": {name: {key: to(key) for key in keys}},
        }
        live[f"live-{name}"] = {to(key): value for key, value in keys.items()}
    policy = {"apiVersion": "helm-me/v1alpha1", "kind": "SecretPolicy", "metadata": {"name": "x"}, "bundles": bundles}
    return yaml.safe_dump(policy), live


def free_ports(count):
    """Ports that were free a moment ago."""
    sockets = [socket.socket() for _ in range(count)]
    try:
        for one in sockets:
            one.bind(("127.0.0.1", 0))
        return [one.getsockname()[1] for one in sockets]
    finally:
        for one in sockets:
            one.close()


class ApiServer:
    """A Kubernetes API server with etcd behind it, without controllers: what is written stays as written."""

    TOKEN = "admintoken"

    def __init__(self, folder):
        self.folder = folder
        self.processes = []
        self.namespaces = itertools.count(1)

    def start(self):
        apiserver = part("kube-apiserver")
        etcd = shutil.which("etcd")
        if not etcd:
            pytest.fail("etcd is missing: bring it with scripts/install-packages", pytrace=False)
        client, peer, secure = free_ports(3)
        subprocess.run(["openssl", "genrsa", "-out", self.folder / "sa.key", "2048"], check=True, capture_output=True)
        (self.folder / "tokens.csv").write_text(f"{self.TOKEN},admin,1,system:masters\n")
        # In memory where there is a folder for it: etcd waits for the disk at every write.
        self.spawn(
            "etcd", etcd, f"--data-dir={self.folder}/etcd", f"--listen-client-urls=http://127.0.0.1:{client}",
            f"--advertise-client-urls=http://127.0.0.1:{client}", f"--listen-peer-urls=http://127.0.0.1:{peer}",
        )  # fmt: skip
        self.spawn(
            "apiserver", apiserver, f"--etcd-servers=http://127.0.0.1:{client}", f"--cert-dir={self.folder}/certs",
            f"--secure-port={secure}", "--bind-address=127.0.0.1",
            "--service-account-issuer=https://kubernetes.default.svc",
            f"--service-account-key-file={self.folder}/sa.key",
            f"--service-account-signing-key-file={self.folder}/sa.key",
            f"--token-auth-file={self.folder}/tokens.csv", "--authorization-mode=RBAC",
            "--service-cluster-ip-range=10.0.0.0/24", "--disable-admission-plugins=ServiceAccount",
        )  # fmt: skip
        self.url = f"https://127.0.0.1:{secure}"
        self.certificate = self.folder / "certs/apiserver.crt"
        deadline = time.monotonic() + 120
        while True:
            for name, process in self.processes:
                if process.poll() is not None:
                    log = (self.folder / f"{name}.log").read_text(errors="replace")
                    raise RuntimeError(f"{name} ended with {process.returncode}:\n{log[-3000:]}")
            with contextlib.suppress(OSError, ssl.SSLError):
                if self.request("GET", "/readyz", raw=True) == b"ok":
                    return
            if time.monotonic() > deadline:
                raise RuntimeError("the API server did not become ready within 120 s")
            time.sleep(0.1)

    def spawn(self, name, *command):
        with open(self.folder / f"{name}.log", "wb") as log:
            self.processes.append(
                (name, subprocess.Popen(command, stdout=log, stderr=log, cwd=self.folder, preexec_fn=die_with_parent))
            )

    def stop(self):
        for _, process in reversed(self.processes):
            process.kill()
            process.wait()
        self.processes.clear()

    def request(self, method, path, body=None, raw=False, raw_body=None, content_type="application/json"):
        """The answer's object (`raw`: its bytes); None for 404; other refusals raise with the server's words."""
        request = urllib.request.Request(
            self.url + path,
            method=method,
            data=raw_body if body is None else json.dumps(body).encode(),
            headers={"Authorization": f"Bearer {self.TOKEN}", "Content-Type": content_type},
        )
        trust = ssl.create_default_context(cafile=self.certificate)
        try:
            with urllib.request.urlopen(request, context=trust, timeout=30) as answer:
                content = answer.read()
        except urllib.error.HTTPError as error:
            if error.code == 404:
                return None
            if raw:
                return b""
            raise RuntimeError(f"{method} {path}: {error.code} {error.read().decode(errors='replace')}") from None
        return content if raw else json.loads(content)

    def kubeconfig(self, path, namespace):
        path.write_text(
            yaml.safe_dump(
                {
                    "apiVersion": "v1",
                    "kind": "Config",
                    "clusters": [
                        {"name": "c", "cluster": {"server": self.url, "certificate-authority": str(self.certificate)}}
                    ],
                    "users": [{"name": "u", "user": {"token": self.TOKEN}}],
                    "contexts": [{"name": "x", "context": {"cluster": "c", "user": "u", "namespace": namespace}}],
                    "current-context": "x",
                }
            )
        )
        path.chmod(0o600)


class Namespace:
    """A fresh namespace. Objects are named as kubectl names them: get("deployments", "shop")."""

    GROUPS = {
        "deployments": "apis/apps/v1",
        "statefulsets": "apis/apps/v1",
        "jobs": "apis/batch/v1",
        "cronjobs": "apis/batch/v1",
    }

    def __init__(self, api):
        self.api = api
        self.name = f"test-{next(api.namespaces)}"
        api.request("POST", "/api/v1/namespaces", {"metadata": {"name": self.name}})

    def path(self, resource, name=""):
        base = f"/{self.GROUPS.get(resource, 'api/v1')}/namespaces/{self.name}/{resource}"
        return f"{base}/{name}" if name else base

    def get(self, resource, name):
        return self.api.request("GET", self.path(resource, name))

    def list(self, resource):
        return self.api.request("GET", self.path(resource))["items"]

    def create_secret(self, name, **values):
        self.api.request("POST", self.path("secrets"), {"metadata": {"name": name}, "stringData": values})

    def patch_status(self, resource, name, status):
        self.api.request(
            "PATCH", self.path(resource, name) + "/status", {"status": status},
            content_type="application/merge-patch+json",
        )  # fmt: skip

    def releases(self, name):
        """Helm's own records of a release, as text, oldest first: what anyone with `get secrets` reads."""
        found = []
        for secret in self.list("secrets"):
            if secret["type"] == "helm.sh/release.v1" and secret["metadata"]["labels"]["name"] == name:
                packed = base64.b64decode(base64.b64decode(secret["data"]["release"]))
                found.append((int(secret["metadata"]["labels"]["version"]), gzip.decompress(packed).decode()))
        return [text for _, text in sorted(found)]


@pytest.fixture(scope="session")
def api(tmp_path_factory):
    """One API server for the whole run, stopped at its end whatever happens."""
    for attempt in range(3):  # a port that was free may be taken by the time the server asks for it
        server = ApiServer(tmp_path_factory.mktemp("api"))
        try:
            server.start()
            break
        except RuntimeError:
            server.stop()
            if attempt == 2:
                raise
        except BaseException:
            server.stop()
            raise
    try:
        yield server
    finally:
        server.stop()


@pytest.fixture
def namespace(api):
    return Namespace(api)


@pytest.fixture
def cluster_helm(helm, api, namespace):
    """A Helm that talks to the API server, in the test's own namespace."""
    api.kubeconfig(helm.env["KUBECONFIG"], namespace.name)
    return helm
