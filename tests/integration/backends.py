"""Servers that the tests of providers read from: the real Vault, and one of HTTP that misbehaves."""

import contextlib
import gzip
import http.server
import json
import socket
import ssl
import struct
import subprocess
import threading
import time
import urllib.error
import urllib.request

import pytest
from conftest import die_with_parent, free_ports, part


def make_authority(folder):
    """An authority, a server's certificate for 127.0.0.1 and localhost, and a client's; PEM files in `folder`."""

    def openssl(*arguments):
        subprocess.run(["openssl", *map(str, arguments)], check=True, capture_output=True, cwd=folder)

    key = ["-newkey", "rsa:2048", "-nodes"]
    openssl("req", "-x509", *key, "-keyout", "ca.key", "-out", "ca.crt", "-days", 2, "-subj", "/CN=Test authority",
            "-addext", "keyUsage=critical,keyCertSign")  # fmt: skip
    openssl("req", "-x509", *key, "-keyout", "other.key", "-out", "other.crt", "-days", 2, "-subj", "/CN=Other")
    for name, usage in [("server", "serverAuth"), ("client", "clientAuth")]:
        (folder / f"{name}.ext").write_text(
            f"subjectAltName=IP:127.0.0.1,DNS:localhost,DNS:vault.internal\nextendedKeyUsage={usage}\n"
        )
        openssl("req", "-new", *key, "-keyout", f"{name}.key", "-out", f"{name}.csr", "-subj", f"/CN={name}")
        openssl("x509", "-req", "-in", f"{name}.csr", "-CA", "ca.crt", "-CAkey", "ca.key", "-CAcreateserial",
                "-out", f"{name}.crt", "-days", 2, "-extfile", f"{name}.ext")  # fmt: skip
    return folder


class Vault:
    """The real core in memory. Each request is in its audit log."""

    TOKEN = "root-of-the-tests"

    def __init__(self, folder, tls=None):
        self.folder = folder
        self.tls = tls
        self.process = None

    def start(self):
        (port,) = free_ports(1)
        self.address = f"{'https' if self.tls else 'http'}://127.0.0.1:{port}"
        command = [part("vaultd"), "-listen", f"127.0.0.1:{port}", "-root-token", self.TOKEN]
        if self.tls:
            command += ["-tls-cert", self.tls / "server.crt", "-tls-key", self.tls / "server.key"]
        with open(self.folder / "vault.log", "wb") as log:
            self.process = subprocess.Popen(command, stdout=log, stderr=log, preexec_fn=die_with_parent)
        deadline = time.monotonic() + 60
        while True:
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"Vault did not start:\n{(self.folder / 'vault.log').read_text()}")
            with contextlib.suppress(OSError):
                self.request("GET", "sys/health")
                break
            time.sleep(0.05)
        self.audit = self.folder / "audit.log"
        self.request("PUT", "sys/audit/file", {"type": "file", "options": {"file_path": str(self.audit)}})

    def stop(self):
        if self.process:
            self.process.kill()
            self.process.wait()

    def request(self, method, path, body=None, token=None):
        request = urllib.request.Request(
            f"{self.address}/v1/{path}",
            method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers={"X-Vault-Token": token or self.TOKEN},
        )
        trust = ssl.create_default_context(cafile=self.tls / "ca.crt") if self.tls else None
        try:
            with urllib.request.urlopen(request, context=trust, timeout=30) as answer:
                content = answer.read()
        except urllib.error.HTTPError as error:
            raise RuntimeError(f"{method} {path}: {error.code} {error.read().decode()}") from None
        return json.loads(content) if content else None

    def put(self, path, **values):
        """A secret of KV v2 at secret/."""
        return self.request("POST", f"secret/data/{path}", {"data": values})

    def policy(self, name, text):
        self.request("PUT", f"sys/policies/acl/{name}", {"policy": text})

    def token(self, *policies, **more):
        made = self.request("POST", "auth/token/create", {"policies": policies, **more})
        return made["auth"]["client_token"]

    def enable_login(self, kind, path=None):
        self.request("PUT", f"sys/auth/{path or kind}", {"type": kind})

    @contextlib.contextmanager
    def requests(self):
        """What is asked for in the block, as "read secret/data/shop", in a list that is filled at its end."""
        begin = self.audit.stat().st_size
        asked = []
        yield asked
        with open(self.audit) as log:
            log.seek(begin)
            for line in log:
                entry = json.loads(line)
                if entry["type"] == "request":
                    asked.append(f"{entry['request']['operation']} {entry['request']['path']}")


class FaultServer:
    """HTTP by a script: each request takes the next step, the last one again and again. A step is a function of the
    handler, or (status, headers, body)."""

    def __init__(self, tls=None):
        server = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def answer(self):
                length = int(self.headers.get("Content-Length") or 0)
                self.rfile.read(length)
                with server.lock:
                    server.seen.append((time.monotonic(), self.command, self.path, dict(self.headers)))
                    step = server.steps.pop(0) if len(server.steps) > 1 else server.steps[0]
                if callable(step):
                    step(self)
                    return
                status, headers, body = step
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            do_GET = do_POST = do_PUT = answer

            def log_message(self, *_):
                pass

        class Server(http.server.ThreadingHTTPServer):
            daemon_threads = True

            def handle_error(self, *_):
                pass  # clients that give up are what is tested

        self.lock = threading.Lock()
        self.seen = []
        self.steps = []
        self.server = Server(("127.0.0.1", 0), Handler)
        if tls:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(tls / "server.crt", tls / "server.key")
            self.server.socket = context.wrap_socket(self.server.socket, server_side=True)
        self.address = f"{'https' if tls else 'http'}://127.0.0.1:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def script(self, *steps):
        self.seen.clear()
        self.steps[:] = steps

    def stop(self):
        self.server.shutdown()
        self.server.server_close()


def good(value):
    """The answer of a KV v2 secret with one key; of a mount look-up as well, which takes what it needs."""
    data = {
        "data": {"KEY": value},
        "metadata": {"version": 1, "created_time": "2026-01-01T00:00:00Z", "deletion_time": "", "destroyed": False},
    }
    return 200, {"Content-Type": "application/json"}, json.dumps({"data": data}).encode()


def mount():
    body = {"data": {"path": "secret/", "type": "kv", "options": {"version": "2"}}}
    return 200, {"Content-Type": "application/json"}, json.dumps(body).encode()


def hang_up(handler):
    """Closes the connection with a reset, without a byte of an answer."""
    handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    handler.close_connection = True


def truncated(handler):
    handler.send_response(200)
    handler.send_header("Content-Length", "1000")
    handler.end_headers()
    handler.wfile.write(b'{"data": {"data": {"KEY": "' + b"half-a-value-" * 3)
    handler.close_connection = True


def slow(seconds):
    def answer(handler):
        time.sleep(seconds)
        with contextlib.suppress(OSError):
            handler.send_response(200)
            handler.send_header("Content-Length", "2")
            handler.end_headers()
            handler.wfile.write(b"{}")

    return answer


def endless(handler):
    handler.send_response(200)
    handler.end_headers()
    handler.close_connection = True
    with contextlib.suppress(OSError):
        while True:
            handler.wfile.write(b"x" * 65536)


def endless_headers(handler):
    handler.send_response(200)
    handler.flush_headers()
    handler.close_connection = True
    with contextlib.suppress(OSError):
        for i in range(100000):
            handler.wfile.write(f"X-{i}: {'y' * 1000}\r\n".encode())


def bomb():
    """200 MB of zeros in 200 KB."""
    return 200, {"Content-Encoding": "gzip", "Content-Type": "application/json"}, gzip.compress(b"0" * 200_000_000)


def late(seconds, answer):
    """The answer, after a while."""

    def step(handler):
        time.sleep(seconds)
        status, headers, body = answer
        handler.send_response(status)
        for name, value in {**headers, "Content-Length": str(len(body))}.items():
            handler.send_header(name, value)
        handler.end_headers()
        handler.wfile.write(body)

    return step


def redirect(to):
    return 307, {"Location": to}, b""


@pytest.fixture(scope="session")
def authority(tmp_path_factory):
    return make_authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture(scope="session")
def vault(tmp_path_factory):
    server = Vault(tmp_path_factory.mktemp("vault"))
    try:
        server.start()
        yield server
    finally:
        server.stop()


@pytest.fixture(scope="session")
def tls_vault(tmp_path_factory, authority):
    server = Vault(tmp_path_factory.mktemp("tls-vault"), authority)
    try:
        server.start()
        yield server
    finally:
        server.stop()


@pytest.fixture
def faults():
    server = FaultServer()
    yield server
    server.stop()
