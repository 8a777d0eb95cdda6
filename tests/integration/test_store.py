"""The embedded store through the real program: what is acknowledged stays, nothing opens without its key, and a value is
nowhere but where it was asked for."""

import base64
import concurrent.futures
import json
import os
import pathlib
import random
import re
import resource
import shutil
import signal
import stat
import subprocess
import threading
import time

import pytest
import yaml
from conftest import clean_environment
from test_canary import CANARY, ProcessWatch, sightings

KEY = base64.b64encode(b"0123456789abcdef" * 2).decode()
OTHER_KEY = base64.b64encode(b"fedcba9876543210" * 2).decode()

POLICY = """apiVersion: helm-me/v1alpha1
kind: SecretPolicy
bundles:
  heimdall:
    required:
      JWT_SECRET:     {length: 128, charset: hex, generate: {hex: 64}}
      API_KEY:        {length: 44, charset: base64, generate: {base64: 32}}
      ADMIN_PASSWORD: {minLength: 8, generate: {prefix: Admin_, hex: 8}}
      PIN:            {pattern: '[0-9]{6}', generate: {alphabet: '0123456789', length: 6}}
      SESSION:        {length: 36, generate: {uuid: true}}
      PORT:           {default: '8080'}
    secretsFiles: [heimdall.env]
    target: heimdall-secrets
  shop:
    required: {TOKEN: {generate: {hex: 32}}, GIVEN: {}}
    secretsFiles: [shop.yaml]
    target: shop-secrets
"""


class Store:
    def __init__(self, program, folder):
        self.program = program
        self.work = folder / "work"
        self.work.mkdir()
        self.home = folder / "home"
        self.folder = self.home / ".local/share/helm-me"
        self.file = self.folder / "store"
        self.key = self.folder / "store.key"

    def environment(self, **env):
        return clean_environment(**{"HOME": self.home, "HELM_ME_STORE": "local", **env})

    def popen(self, *words, env=None, **options):
        return subprocess.Popen(
            ["helm-me", "secret", *map(str, words)], executable=self.program, cwd=self.work,
            env=self.environment(**(env or {})), stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            **options,
        )  # fmt: skip

    def __call__(self, *words, stdin=b"", preexec_fn=None, **env):
        child = self.popen(*words, env=env, preexec_fn=preexec_fn)
        out, err = child.communicate(stdin.encode() if isinstance(stdin, str) else stdin, timeout=120)
        return subprocess.CompletedProcess(words, child.returncode, out, err.decode())

    def ok(self, *words, **options):
        done = self(*words, **options)
        assert done.returncode == 0, done.stderr
        return done

    def reveal(self, name, key, **env):
        return self.ok("get", name, "--reveal", key, **env).stdout

    def entries(self, **env):
        return {one["name"]: one for one in json.loads(self.ok("list", "-o", "json", **env).stdout)["entries"]}

    def write(self, name, text):
        path = self.work / name
        path.write_text(text)
        return path


@pytest.fixture
def store(program, tmp_path):
    return Store(program, tmp_path)


def mode(path):
    return stat.S_IMODE(os.lstat(path).st_mode)


# Values in and out


def test_each_way_in(store):
    blob = bytes(range(256)) + b"\n"
    (store.work / "blob").write_bytes(blob)
    store.ok("set", "shop", "--from-stdin", "STDIN", "--data", "DATA=a=b", "--from-file", "FILE=blob",
             "--from-env", "ENV=SHOP_VALUE", "--data", "NOTHING=", stdin="typed\n", SHOP_VALUE="from env\n")  # fmt: skip
    assert store.reveal("shop", "STDIN") == b"typed", "without its line end"
    assert store.reveal("shop", "DATA") == b"a=b"
    assert store.reveal("shop", "FILE") == blob, "as it is"
    assert store.reveal("shop", "ENV") == b"from env\n", "as it is"
    assert store.reveal("shop", "NOTHING") == b""
    store.ok("set", "shop", "--from-stdin", "RAW", "--raw", stdin="typed\n")
    assert store.reveal("shop", "RAW") == b"typed\n"
    store.ok("set", "shop", "--from-stdin", "CRLF", stdin="typed\r\n")
    assert store.reveal("shop", "CRLF") == b"typed"


def test_what_is_shown_without_reveal(store):
    store.ok("set", "shop", "--data", "A=12345", "--data", "B=1")
    store.ok("set", "tls", "--data", "tls.crt=x", "--data", "tls.key=y", "--type", "kubernetes.io/tls")
    lines = store.ok("get", "shop").stdout.decode().splitlines()
    assert re.fullmatch(r"KEY +SIZE +AGE +CREATED", lines[0])
    assert re.fullmatch(r"A +5 +\d+s +\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", lines[1])
    lines = store.ok("list").stdout.decode().splitlines()
    assert re.fullmatch(r"NAME +TYPE +KEYS +SIZE +AGE", lines[0])
    assert re.fullmatch(r"shop +Opaque +2 +6 +\d+s", lines[1])
    assert re.fullmatch(r"tls +kubernetes.io/tls +2 +2 +\d+s", lines[2])
    one = json.loads(store.ok("get", "shop", "-o", "json").stdout)
    assert one == store.entries()["shop"]
    assert (one["type"], one["size"], [key["size"] for key in one["keys"]]) == ("Opaque", 6, [5, 1])
    assert set(one["keys"][0]) == {"name", "size", "created", "changed"}


def test_an_empty_store(store):
    done = store.ok("list")
    assert (done.stdout, done.stderr) == (b"", "the local store has no entries\n")
    assert store.entries() == {}
    assert not store.home.exists(), "looking makes nothing"
    assert store("get", "shop").returncode == 5


def test_reconcile(store):
    store.ok("set", "shop", "--data", "A=1", "--data", "B=2")
    store.ok("set", "shop", "--data", "A=3")
    assert (store.reveal("shop", "A"), store.reveal("shop", "B")) == (b"3", b"2")
    done = store.ok("set", "shop", "--data", "A=9", "--reconcile", "create_if_missing")
    assert done.stderr.startswith('entry "shop" is there already and was left as it is\n')
    done = store("set", "shop", "--data", "A=9", "--reconcile", "fail_if_exists")
    assert (done.returncode, done.stderr.splitlines()[0]) == (3, 'error: entry "shop" is there already')
    assert store.reveal("shop", "A") == b"3"
    store.ok("set", "shop", "--data", "A=3", "--reconcile", "replace")
    assert [key["name"] for key in store.entries()["shop"]["keys"]] == ["A"]
    before = store.file.read_bytes()
    assert store.ok("set", "shop", "--data", "A=3").stderr.startswith('entry "shop" holds these values already\n')
    assert store.file.read_bytes() == before


def test_delete(store):
    store.ok("set", "shop", "--data", "API_KEY=1", "--data", "B=2")
    done = store("delete", "shop", "B", "API_KEX")
    assert (done.returncode, "did you mean API_KEY?" in done.stderr) == (5, True)
    store.ok("delete", "shop", "B")
    assert [key["name"] for key in store.entries()["shop"]["keys"]] == ["API_KEY"]
    done = store("delete", "shopp")
    assert (done.returncode, "did you mean shop?" in done.stderr) == (5, True)
    store.ok("delete", "shop")
    assert store.entries() == {}


def test_data_is_warned_about_once(store):
    assert store.ok("set", "shop", "--data", "A=1", "--data", "B=2").stderr.count("warning: --data") == 1
    assert "warning" not in store.ok("set", "shop", "--from-stdin", "C", stdin="x").stderr


def test_one_mebibyte_is_the_limit(store):
    (store.work / "large").write_bytes(b"x" * (1 << 20))
    store.ok("set", "shop", "--from-file", "A=large")
    done = store("set", "shop", "--data", "B=x")
    assert (done.returncode, "more than 1 MiB" in done.stderr) == (3, True)


@pytest.mark.parametrize(
    "words, code, message",
    [
        (["set"], 2, "secret set needs the NAME of an entry"),
        (["set", "shop"], 2, "secret set needs a value"),
        (["set", "Shop", "--data", "A=1"], 3, "the NAME of an entry must be a Secret's"),
        (["set", "shop", "--data", "A=1", "--data", "A=2"], 2, 'key "A" is given twice'),
        (["set", "shop", "--from-stdin", "A", "--from-stdin", "B"], 2, "--from-stdin stands twice"),
        (["set", "shop", "--from-env", "A=NOT_THERE"], 5, "variable NOT_THERE is not set"),
        (["set", "shop", "--from-env", "A=EMPTY"], 3, 'the value of "A" is empty in variable EMPTY'),
        (["set", "shop", "--from-stdin", "A"], 3, 'the value of "A" is empty in standard input'),
        (["set", "shop", "--from-file", "A=no-such-file"], 5, "cannot read input no-such-file"),
        (["set", "shop", "--data", "A=1", "--reconcile", "aply"], 2, "unknown word for --reconcile: aply"),
        (["set", "shop", "--data", "A=1", "--type", "a b"], 2, "no type of a Secret: a b"),
        (["get"], 2, "secret get needs the NAME of an entry"),
        (["get", "shop", "--reveal", "A", "-o", "json"], 2, "--reveal prints just the value"),
        (["list", "shop"], 2, "secret list takes no NAME"),
        (["rekey", "shop"], 2, "secret rekey takes no NAME"),
        (["rekey"], 5, "there is no local store"),
        (["generate"], 3, "there is no policy"),
        (["generate", "shop", "--key", "A"], 2, "--key needs one of --hex"),
        (["generate", "shop", "--key", "A", "--hex", "0"], 2, "--hex needs a number above 0"),
        (["generate", "shop", "--hex", "4"], 2, "--hex, --base64, --alphabet and --uuid go with --key"),
        (["generate", "shop", "--key", "A", "--hex", "4", "--out", "a.json"], 2, "--out writes .env or YAML"),
        (["generate", "shop", "--key", "A", "--hex", "4", "--out", "a", "-o", "yaml"], 2, "values go to one place"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else None,
)  # fmt: skip
def test_refusals(store, words, code, message):
    done = store(*words, EMPTY="")
    assert done.returncode == code, done.stderr
    assert f"error: {message}" in done.stderr
    assert not store.file.exists()


# Reveal


def test_reveal_in_a_ci_system(store):
    store.ok("set", "shop", "--data", "A=1")
    done = store("get", "shop", "--reveal", "A", CI="true")
    assert (done.returncode, done.stdout) == (2, b"")
    assert "--yes" in done.stderr
    assert store.ok("get", "shop", "--reveal", "A", "--yes", CI="true").stdout == b"1"
    for word in ("", "false"):
        assert store.reveal("shop", "A", CI=word) == b"1"


def test_reveal_on_a_terminal_in_a_ci_system(store):
    store.ok("set", "shop", "--data", "A=value")
    reader, writer = os.openpty()
    done = subprocess.run(
        ["helm-me", "secret", "get", "shop", "--reveal", "A"], executable=store.program, stdin=subprocess.DEVNULL,
        stdout=writer, stderr=subprocess.PIPE, env=store.environment(CI="true"), timeout=60,
    )  # fmt: skip
    os.close(writer)
    assert (done.returncode, os.read(reader, 100), done.stderr) == (0, b"value", b"")
    os.close(reader)


GITHUB = {"CI": "true", "GITHUB_ACTIONS": "true"}


def test_github_masks_first_and_the_data_stays_what_it_is(store):
    value = "first 100%\n\n  \nsecond\r\n"
    store.ok("set", "shop", "--from-stdin", "A", "--raw", stdin=value)
    done = store.ok("get", "shop", "--reveal", "A", "--yes", **GITHUB)
    assert done.stdout.decode() == value
    assert done.stderr == "::add-mask::first 100%25\n::add-mask::second\n"
    assert store("get", "shop", "--reveal", "A", **GITHUB).returncode == 2, "GitHub is a CI system"


def test_github_cannot_mask_what_does_not_reach_the_runner(store):
    store.ok("set", "shop", "--from-stdin", "A", stdin=CANARY)
    log = store.work / "log"
    words = ["helm-me", "secret", "get", "shop", "--reveal", "A", "--yes"]
    for redirected in ({"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT},
                       {"stdout": subprocess.PIPE, "stderr": log.open("wb")}):  # fmt: skip
        done = subprocess.run(words, executable=store.program, env=store.environment(**GITHUB), timeout=60, **redirected)
        assert done.returncode == 2
        said = done.stdout + log.read_bytes()
        assert b"cannot be masked" in said
        assert not sightings("output", said)


# The file


def test_permissions_under_any_umask(store):
    for mask in (0, 0o777):
        for key in (None, KEY):
            env = {"HELM_ME_STORE_KEY": key} if key else {}
            store.ok("set", "shop", "--from-stdin", "A", stdin="x", preexec_fn=lambda mask=mask: os.umask(mask), **env)
            for name in store.folder.iterdir():
                assert mode(name) == 0o600, name
            assert mode(store.folder) == 0o700
            assert store.reveal("shop", "A", **env) == b"x"
            shutil.rmtree(store.home)


def test_without_its_key_it_is_an_error(store):
    store.ok("set", "shop", "--data", "A=1")
    before = store.file.read_bytes()
    key = store.key.read_text()
    store.key.unlink()
    for words in (["get", "shop"], ["list"], ["set", "shop", "--data", "A=2"], ["delete", "shop"], ["rekey"]):
        done = store(*words)
        assert done.returncode == 5, done.stderr
        assert "error: the key file" in done.stderr and "is missing" in done.stderr
    assert not store.key.exists() and store.file.read_bytes() == before
    assert store.reveal("shop", "A", HELM_ME_STORE_KEY=key) == b"1"


def test_a_wrong_key_opens_and_overwrites_nothing(store):
    store.ok("set", "shop", "--data", "A=1", HELM_ME_STORE_KEY=KEY)
    before = store.file.read_bytes()
    assert not store.key.exists(), "the variable is the key"
    for env in ({"HELM_ME_STORE_KEY": OTHER_KEY}, {"HELM_ME_STORE_PASSPHRASE": "words"}):
        for words in (["get", "shop"], ["set", "shop", "--data", "A=2"], ["rekey"], ["generate", "x", "--key", "A", "--uuid"]):
            assert store(*words, **env).returncode == 4
    assert "is no key" in store("list", HELM_ME_STORE_KEY="c2hvcnQ=").stderr
    assert store("list", HELM_ME_STORE_KEY=KEY, HELM_ME_STORE_PASSPHRASE="words").returncode == 2
    assert store.file.read_bytes() == before


def test_damage_is_said_and_overwritten_by_nothing(store):
    store.ok("set", "shop", "--data", "A=1")
    whole = store.file.read_bytes()
    flipped = bytearray(whole)
    flipped[len(flipped) // 2] ^= 1
    for content in (whole[:-1], bytes(flipped), b"", b"apiVersion: v1\n"):
        store.file.write_bytes(content)
        for words in (["get", "shop"], ["set", "shop", "--data", "A=2"], ["rekey"]):
            done = store(*words)
            assert (done.returncode, "damaged" in done.stderr) == (6, True), done.stderr
        assert store.file.read_bytes() == content


def test_symlinks_are_refused_and_left_alone(store, tmp_path):
    store.ok("set", "shop", "--data", "A=1")
    for name in ("store", "store.key", "store.lock"):
        path, target = store.folder / name, tmp_path / "target"
        path.rename(target)
        path.symlink_to(target)
        before = target.read_bytes()
        done = store("set", "shop", "--data", "A=2")
        assert (done.returncode, "is a symlink" in done.stderr) == (3, True)
        assert target.read_bytes() == before and path.is_symlink()
        path.unlink()
        target.rename(path)
    # A store that lies elsewhere: its folder is the symlink.
    shutil.move(store.folder, tmp_path / "elsewhere")
    store.folder.symlink_to(tmp_path / "elsewhere")
    store.ok("set", "shop", "--data", "A=2")
    assert store.reveal("shop", "A") == b"2"


def test_a_key_file_that_others_may_read_is_refused(store):
    store.ok("set", "shop", "--data", "A=1")
    store.key.chmod(0o640)
    done = store("list")
    assert (done.returncode, f"help: chmod 600 {store.key}" in done.stderr) == (4, True)


def test_rekey(store):
    store.ok("set", "shop", "--data", "A=1")
    old = store.key.read_text()
    store.ok("rekey")
    assert store.reveal("shop", "A") == b"1"
    assert store("list", HELM_ME_STORE_KEY=old).returncode == 4, "the old key is nothing any more"
    store.ok("rekey", "--to", "passphrase", HELM_ME_STORE_NEW_PASSPHRASE="some words")
    words = {"HELM_ME_STORE_PASSPHRASE": "some words"}
    assert not store.key.exists()
    assert store.reveal("shop", "A", **words) == b"1"
    assert store("list").returncode == 4
    assert "still set" in store.ok("rekey", "--to", "key", HELM_ME_STORE_NEW_KEY=KEY, **words).stderr
    assert store.reveal("shop", "A", HELM_ME_STORE_KEY=KEY) == b"1"
    done = store.ok("rekey", HELM_ME_STORE_KEY=KEY)
    assert "HELM_ME_STORE_KEY is still set" in done.stderr
    assert store.reveal("shop", "A") == b"1"
    assert store("rekey", "--to", "key").returncode == 5


# What may go wrong while it is written


def test_killed_at_any_moment_it_loses_nothing(store):
    """SIGKILL at random points of set and rekey, for some seconds."""
    chance = random.Random(1)
    store.ok("set", "first", "--data", "A=0")
    begin = time.monotonic()
    for _ in range(5):
        store.ok("set", "first", "--data", "A=0", "--data", f"B={_}")
    usual = (time.monotonic() - begin) / 5
    acknowledged = {"first": {b"0"}}
    killed = finished = 0
    end = time.monotonic() + 8
    while time.monotonic() < end:
        name, value = f"entry-{chance.randrange(12)}", str(chance.random())
        rekeys = chance.random() < 0.3
        child = store.popen("rekey") if rekeys else store.popen("set", name, "--from-stdin", "A")
        if not rekeys:
            child.stdin.write(value.encode())
        child.stdin.close()
        time.sleep(chance.uniform(0, usual * 1.3))
        child.kill()
        died = child.wait(timeout=60) == -signal.SIGKILL
        child.stdout.close()
        child.stderr.close()
        killed, finished = killed + died, finished + (not died)
        if not died:
            assert child.returncode == 0
        if rekeys:
            continue
        # Killed, it may have been written or not.
        acknowledged[name] = {value.encode()} | (acknowledged.get(name, {None}) if died else set())
        if chance.random() < 0.1:
            assert store("list").returncode == 0
    assert killed > 20 and finished > 20, (killed, finished)
    there = store.entries()
    for name, values in acknowledged.items():
        found = store.reveal(name, "A") if name in there else None
        assert found in values, name
    assert set(there) <= set(acknowledged)


def test_writers_at_once_lose_nothing_of_each_other(store):
    def write(number):
        for turn in range(20):
            store.ok("set", "shared", "--from-stdin", f"K{number}.{turn}", stdin=f"{number} {turn}")
            store.ok("set", f"own-{number}", "--from-stdin", f"K{turn}", stdin="x")

    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        list(pool.map(write, range(8)))
    there = store.entries()
    assert {key["name"] for key in there["shared"]["keys"]} == {f"K{n}.{t}" for n in range(8) for t in range(20)}
    assert all(len(there[f"own-{number}"]["keys"]) == 20 for number in range(8))
    assert store.reveal("shared", "K7.19") == b"7 19"
    assert sorted(path.name for path in store.folder.iterdir()) == ["store", "store.key", "store.lock"]


def test_a_first_writing_by_many_makes_one_key(store):
    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda number: store.ok("set", f"n{number}", "--from-stdin", "A", stdin="x"), range(8)))
    assert len(store.entries()) == 8


def test_readers_see_a_whole_store_while_it_is_rekeyed(store):
    store.ok("set", "shop", "--data", "A=1")
    done = threading.Event()

    def rekey():
        while not done.is_set():
            store.ok("rekey")

    writer = threading.Thread(target=rekey)
    writer.start()
    try:
        for _ in range(40):
            assert store.reveal("shop", "A") == b"1"
    finally:
        done.set()
        writer.join()


@pytest.mark.parametrize("ignored", [True, False], ids=["EFBIG", "SIGXFSZ"])
def test_a_full_disk_loses_nothing(store, ignored):
    """As far as a limit of the process plays it: the new file does not fit."""
    store.ok("set", "shop", "--data", "A=1")
    before = store.file.read_bytes()
    (store.work / "large").write_bytes(b"x" * 100000)

    def limit():
        if ignored:
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))

    done = store("set", "shop", "--from-file", "B=large", preexec_fn=limit)
    assert done.returncode == (6 if ignored else -signal.SIGXFSZ), done.stderr
    assert store.file.read_bytes() == before
    if ignored:
        assert "cannot write the local store" in done.stderr
        assert not (store.folder / "store.new").exists()
    store.ok("set", "shop", "--from-file", "B=large")
    assert store.reveal("shop", "A") == b"1"


def test_a_really_full_disk_loses_nothing(store, tmp_path):
    disk = tmp_path / "disk"
    disk.mkdir()
    script = (
        'set -e; mount -t tmpfs -o size=64k tmpfs "$1"; export XDG_DATA_HOME="$1"\n'
        '"$2" secret set shop --data A=1 2>&1; cp "$1/helm-me/store" "$1/before"\n'
        'code=0; "$2" secret set shop --from-file B=large 2>&1 || code=$?; echo "code $code"\n'
        'cmp "$1/helm-me/store" "$1/before"; ls "$1/helm-me"; "$2" secret get shop --reveal A\n'
    )
    (store.work / "large").write_bytes(os.urandom(100000))
    done = subprocess.run(
        ["unshare", "--map-root-user", "--mount", "sh", "-c", script, "sh", disk, store.program], cwd=store.work,
        env=store.environment(), capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    if "unshare failed" in done.stderr or "mount:" in done.stderr or "permission" in done.stderr.lower():
        pytest.skip("no mounts to be had here; the limit of the process has played it")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "No space left on device" in done.stdout and "code 6" in done.stdout
    assert "store.new" not in done.stdout
    assert done.stdout.endswith("store.lock\n1")


# Generate


def generated(text):
    return set(re.findall(r"[A-Z_]+", text.split("generated ")[1].split(" for ")[0]))


def test_generate_into_the_store(store):
    store.write("helm-me.yaml", POLICY)
    done = store.ok("generate", "heimdall")
    assert generated(done.stderr) == {"JWT_SECRET", "API_KEY", "ADMIN_PASSWORD", "PIN", "SESSION"}
    forms = {
        "JWT_SECRET": rb"[0-9a-f]{128}",
        "API_KEY": rb"[A-Za-z0-9+/]{43}=",
        "ADMIN_PASSWORD": rb"Admin_[0-9a-f]{16}",
        "PIN": rb"[0-9]{6}",
        "SESSION": rb"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}",
    }
    first = {key: store.reveal("heimdall-secrets", key) for key in forms}
    for key, form in forms.items():
        assert re.fullmatch(form, first[key]), key
        assert first[key].decode() not in done.stderr
    done = store.ok("generate", "heimdall")
    assert "none was" in done.stderr
    assert {key: store.reveal("heimdall-secrets", key) for key in forms} == first
    store.ok("delete", "heimdall-secrets", "PIN")
    assert generated(store.ok("generate", "heimdall").stderr) == {"PIN"}
    assert generated(store.ok("generate", "heimdall", "--force", "JWT_SECRET").stderr) == {"JWT_SECRET"}
    assert store.reveal("heimdall-secrets", "JWT_SECRET") != first["JWT_SECRET"]
    assert store.reveal("heimdall-secrets", "SESSION") == first["SESSION"]


def test_generate_all_bundles_and_what_it_cannot_make(store):
    store.write("policy.yaml", POLICY)
    done = store.ok("generate", "--policy", "policy.yaml")
    assert set(store.entries()) == {"heimdall-secrets", "shop-secrets"}
    assert 'warning: entry "shop-secrets" of the local store lacks GIVEN of bundle "shop"' in done.stderr
    assert "help: helm me secret set shop-secrets --from-stdin GIVEN --store local" in done.stderr
    done = store("generate", "heimdal", HELM_ME_POLICY="policy.yaml")
    assert (done.returncode, "did you mean heimdall?" in done.stderr) == (5, True)
    done = store("generate", "--force", "TOKE", HELM_ME_POLICY="policy.yaml")
    assert (done.returncode, "did you mean TOKEN?" in done.stderr) == (5, True)


def test_generate_tells_of_values_that_break_a_contract(store):
    store.write("helm-me.yaml", POLICY)
    store.ok("set", "heimdall-secrets", "--from-stdin", "JWT_SECRET", stdin=CANARY)
    done = store.ok("generate", "heimdall")
    assert 'warning: the value of "JWT_SECRET" that is there breaks its contract' in done.stderr
    assert "help: --force JWT_SECRET" in done.stderr
    assert not sightings("stderr", done.stderr.encode())
    assert store.reveal("heimdall-secrets", "JWT_SECRET").decode() == CANARY


def test_generate_into_files_that_the_policy_then_reads(store):
    store.write("helm-me.yaml", POLICY)
    env = store.write("heimdall.env", "# ours\nexport PIN='123456'   # kept\nEMPTY=\nOTHER=\"a\\nb\"\nAPI_KEY=\n")
    env.chmod(0o644)
    done = store.ok("generate", "heimdall", "--out", "heimdall.env")
    assert generated(done.stderr) == {"JWT_SECRET", "API_KEY", "ADMIN_PASSWORD", "SESSION"}
    text = env.read_text()
    assert text.startswith("# ours\nexport PIN='123456'   # kept\nEMPTY=\nOTHER=\"a\\nb\"\nADMIN_PASSWORD=")
    assert mode(env) == 0o600
    store.ok("generate", "shop", "--out", "shop.yaml")
    with (store.work / "shop.yaml").open("a") as file:
        file.write("GIVEN: here\n")
    assert mode(store.work / "shop.yaml") == 0o600
    done = subprocess.run(["helm-me-post"], executable=store.program, cwd=store.work, input=b"kind: Pod # ${secret:X}\n",
                          capture_output=True, env=store.environment(), timeout=60)  # fmt: skip
    assert (done.returncode, b"error" in done.stderr) == (0, False), "the contract is met"
    before = yaml.safe_load((store.work / "shop.yaml").read_text())
    store.ok("generate", "shop", "--out", "shop.yaml", "--force", "TOKEN")
    after = yaml.safe_load((store.work / "shop.yaml").read_text())
    assert after["TOKEN"] != before["TOKEN"] and after["GIVEN"] == "here"


@pytest.mark.parametrize(
    "name, text",
    [("a.yaml", "{OTHER: x}\n"), ("a.yaml", "OTHER: x\n---\n"), ("a.env", "OTHER='x\n"), ("a.yaml", "TOKEN: |-\n  a\n  b\n")],
)  # fmt: skip
def test_generate_leaves_alone_what_it_cannot_add_to(store, name, text):
    store.write("helm-me.yaml", POLICY)
    path = store.write(name, text)
    done = store("generate", "shop", "--out", name, "--force", "TOKEN")
    assert done.returncode == 3, done.stderr
    assert path.read_text() == text
    assert sorted(one.name for one in store.work.iterdir()) == sorted([name, "helm-me.yaml"])


def test_generate_a_secret_for_other_tools(store):
    store.write("helm-me.yaml", POLICY)
    done = store.ok("generate", "-o", "yaml", HELM_ME_STORE="")
    secrets = {one["metadata"]["name"]: one for one in yaml.safe_load_all(done.stdout)}
    assert set(secrets) == {"heimdall-secrets", "shop-secrets"}
    heimdall = secrets["heimdall-secrets"]
    assert (heimdall["apiVersion"], heimdall["kind"], heimdall["type"]) == ("v1", "Secret", "Opaque")
    assert re.fullmatch(rb"[0-9]{6}", base64.b64decode(heimdall["data"]["PIN"]))
    assert all(isinstance(value, str) for value in heimdall["data"].values())
    assert not store.home.exists()
    masked = store.ok("generate", "shop", "-o", "yaml", **GITHUB)
    value = yaml.safe_load(masked.stdout)["data"]["TOKEN"]
    for text in (value, base64.b64decode(value).decode()):
        assert f"::add-mask::{text}\n" in masked.stderr
    done = store("generate", "shop", HELM_ME_STORE="")
    assert (done.returncode, "help: --store local, --out FILE or -o yaml" in done.stderr) == (2, True)


def test_generate_without_a_policy(store):
    for words, form in (
        (["--hex", "32"], rb"[0-9a-f]{64}"),
        (["--base64", "32", "--prefix", "tok_"], rb"tok_[A-Za-z0-9+/]{43}="),
        (["--alphabet", "ab", "--length", "50"], rb"(?=.*a)(?=.*b)[ab]{50}"),
        (["--uuid"], rb"[0-9a-f-]{36}"),
    ):
        store.ok("generate", "shop", "--key", "K", *words, "--force", "K")
        assert re.fullmatch(form, store.reveal("shop", "K"))


# The canary


def test_values_are_nowhere_else(store):
    """A marked secret by each way in, through every command, the log at its loudest."""
    (store.work / "value").write_text(CANARY)
    diagnostics = store.work / "diagnostics"
    env = {"CANARY": CANARY, "HELM_ME_DIAGNOSTICS": str(diagnostics)}
    said = []
    with ProcessWatch() as watch:
        for words, stdin in (
            (["set", "shop", "--from-stdin", "A"], CANARY),
            (["set", "shop", "--from-env", "B=CANARY"], ""),
            (["set", "shop", "--from-file", "C=value"], ""),
            (["set", "shop", "--from-file", "C=value", "--reconcile", "fail_if_exists"], ""),
            (["set", "shop", "--from-file", "C=value", "--type", "kubernetes.io/tls"], ""),
            (["set", "shop", "--from-stdin", "A", "--from-env", "A=CANARY"], CANARY),
            (["get", "shop"], ""),
            (["get", "shop", "-o", "json"], ""),
            (["get", "shop", "--reveal", "NOPE"], ""),
            (["list"], ""),
            (["list", "-o", "json"], ""),
            (["rekey"], ""),
            (["rekey", "--to", "passphrase"], ""),
            (["generate", "shop", "--key", "A", "--hex", "8"], ""),
            (["delete", "shop", "NOPE"], ""),
        ):
            for form in ("text", "json"):
                done = store(*words, "--log-level", "trace", "--diagnostics-format", form, stdin=stdin, **env)
                said.append(done.stdout + done.stderr.encode())
        assert store.reveal("shop", "A").decode() == CANARY, "it is really there"
        assert not sightings("output", b"\n".join(said))
    assert not sightings("arguments", b"\n".join(watch.seen))
    assert not sightings("the diagnostics file", diagnostics.read_bytes())
    for path in store.folder.iterdir():
        assert not sightings(path.name, path.read_bytes())


@pytest.mark.parametrize(
    "words",
    [
        ["set", CANARY], ["set", "shop", CANARY], ["set", "shop", f"A={CANARY}"], ["set", "shop", "--data", CANARY],
        ["set", "shop", "--data", f"a b={CANARY}"], ["set", "shop", "--data", f"={CANARY}"],
        ["set", "shop", "--data", f"A={CANARY}"], ["set", "shop", "--dta", f"A={CANARY}"],
        ["set", "shop", f"--{CANARY}"], ["set", "shop", f"-{CANARY}"], ["set", "shop", f"--raw={CANARY}"],
        ["set", "shop", "--from-stdin", CANARY], ["set", "shop", "--from-env", f"A={CANARY}"],
        ["set", "shop", "--from-env", CANARY], ["get", "shop", CANARY], ["list", CANARY], ["rekey", CANARY], [CANARY],
        ["set", "shop", "--data", f"A={CANARY}", "--data", f"A={CANARY}"],
        ["set", "shop", "--data", f"A={CANARY}", "--reconcile", "fail_if_exists"],
    ],
    ids=lambda words: " ".join(words).replace(CANARY, "VALUE"),
)  # fmt: skip
def test_a_value_in_the_wrong_place_is_not_repeated(store, words):
    store.ok("set", "shop", "--data", "A=1")
    for form in ("text", "json"):
        done = store(*words, "--diagnostics-format", form)
        assert not sightings("output", done.stdout + done.stderr.encode())


def test_json_diagnostics(store):
    done = store("get", "shop", "--diagnostics-format", "json")
    assert json.loads(done.stderr)["errors"][0]["kind"] == "not_found"
    done = store.ok("set", "shop", "--from-stdin", "A", "--diagnostics-format", "json", stdin="x")
    assert json.loads(done.stderr) == {"message": 'set A of entry "shop" in the local store'}
