"""The gateway we ship (`deploy/nginx.conf`) in front of a server with two threads."""

import contextlib
import getpass
import os
import resource
import select
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import time
from contextlib import closing
from datetime import UTC, datetime, timedelta
from functools import cache
from http.client import HTTPSConnection
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

ROOT = Path(__file__).resolve().parents[2]
NGINX = shutil.which("nginx") or "/usr/sbin/nginx"
HALF_SENT = 40
THREADS = 2
SLOW = 500
MEGABYTE = 1 << 20
PATIENCE = 20
APPLICATION = """
def application(environ, start_response):
    length = int(environ.get("CONTENT_LENGTH") or 0)
    environ["wsgi.input"].read(length)
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [environ.get("HTTP_X_FORWARDED_FOR", "").encode()]
"""

pytestmark = [
    pytest.mark.attack,
    pytest.mark.skipif(not Path(NGINX).exists(), reason="nginx is not on this machine"),
]


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def answers(port):
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=1):
            return True
    except OSError:
        return False


def until_up(port, process):
    deadline = time.monotonic() + PATIENCE
    while not answers(port):
        assert process.poll() is None, "the server ended"
        assert time.monotonic() < deadline, "the server did not come up"
        time.sleep(0.05)


def write_certificate(folder):
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "jiangjie.example")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    (folder / "cert.pem").write_bytes(certificate.public_bytes(pem))
    (folder / "key.pem").write_bytes(
        key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )


@pytest.fixture
def processes():
    """The process numbers of server and gateway."""
    return []


@pytest.fixture
def server(tmp_path, processes):
    """A port with an application behind it that reads what it is sent, in two threads."""
    (tmp_path / "reads_all.py").write_text(APPLICATION, encoding="utf-8")
    port = free_port()
    process = subprocess.Popen(
        [
            *(sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1"),
            *("--port", str(port), "--workers", "1", "--blocking-threads", str(THREADS)),
            *("--no-ws", "--log-level", "critical", "reads_all:application"),
        ],
        cwd=tmp_path,
        start_new_session=True,
    )
    processes.append(process.pid)
    until_up(port, process)
    yield port
    os.killpg(process.pid, signal.SIGKILL)  # its worker with it
    process.wait()


@pytest.fixture
def gateway(tmp_path, server, processes):
    """The shipped configuration, on ports and a certificate of this test."""
    write_certificate(tmp_path)
    port = free_port()
    text = (ROOT / "deploy" / "nginx.conf").read_text(encoding="utf-8")
    for shipped, here in {
        "127.0.0.1:8000": f"127.0.0.1:{server}",
        "listen 443 ssl http2": f"listen 127.0.0.1:{port} ssl http2",
        "listen 80": f"listen 127.0.0.1:{free_port()}",
        "/etc/ssl/jiangjie.pem": f"{tmp_path}/cert.pem",
        "/etc/ssl/jiangjie.key": f"{tmp_path}/key.pem",
    }.items():
        assert shipped in text
        text = text.replace(shipped, here)
    bodies = " ".join(
        f"{kind}_temp_path {tmp_path}/{kind};"
        for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    (tmp_path / "nginx.conf").write_text(
        # a worker of another account could not keep a body in the folder of this test
        f"user {getpass.getuser()}; daemon off; pid {tmp_path}/pid; error_log {tmp_path}/error.log;\n"
        f"events {{ worker_connections 2048; }}\n"
        f"http {{ access_log off; {bodies}\n{text}\n}}\n",
        encoding="utf-8",
    )
    process = subprocess.Popen(
        [NGINX, "-e", f"{tmp_path}/error.log", "-c", f"{tmp_path}/nginx.conf"]
    )
    processes.append(process.pid)
    until_up(port, process)
    yield port
    process.terminate()
    process.wait()


@cache  # it reads every certificate of the machine
def trusting():
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


def half_a_form(port, *, through_tls):
    """A visitor who announces a form, sends half of it and falls silent."""
    line = socket.create_connection(("127.0.0.1", port), timeout=PATIENCE)
    if through_tls:
        line = trusting().wrap_socket(line, server_hostname="jiangjie.example")
    line.sendall(
        b"POST /accounts/login/ HTTP/1.1\r\nHost: jiangjie.example\r\n"
        b"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 2000\r\n\r\nlogin=a"
    )
    return line


def ask(port, method="GET", headers=None):
    line = HTTPSConnection("127.0.0.1", port, timeout=PATIENCE, context=trusting())
    with closing(line):
        line.request(method, "/", headers=headers or {})
        answer = line.getresponse()
        return answer.status, answer.read().decode()


def test_half_sent_forms_keep_nobody_waiting_behind_the_gateway(gateway):
    silent = [half_a_form(gateway, through_tls=True) for _ in range(HALF_SENT)]
    began = time.monotonic()

    status, _ = ask(gateway)

    assert (status, time.monotonic() - began < 2) == (200, True)
    for line in silent:
        line.close()


def test_without_the_gateway_half_sent_forms_hold_every_thread(server):
    silent = [half_a_form(server, through_tls=False) for _ in range(THREADS)]
    time.sleep(0.5)

    with socket.create_connection(("127.0.0.1", server), timeout=2) as line:
        line.sendall(b"GET / HTTP/1.1\r\nHost: jiangjie.example\r\n\r\n")
        with pytest.raises(TimeoutError):
            line.recv(1)
    for line in silent:
        line.close()


def test_a_body_beyond_every_upload_is_refused_by_its_announcement(gateway):
    status, _ = ask(gateway, "POST", {"Content-Length": str(300 * 1024 * 1024)})

    assert status == 413


def test_the_address_a_visitor_claims_is_overwritten(gateway):
    status, told = ask(gateway, headers={"X-Forwarded-For": "10.9.8.7"})

    assert (status, told) == (200, "127.0.0.1")


def grown(processes, before):
    """By how many megabytes the processes grew at their largest."""
    return max(now - was for now, was in zip(map(resident, processes), before, strict=True))


def resident(pid):
    """What a process and its children hold in memory, in megabytes."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    own = Path(f"/proc/{pid}/statm").read_text().split()[1]
    return int(own) * resource.getpagesize() / MEGABYTE + sum(map(resident, children))


@pytest.mark.parametrize("chunked", [False, True], ids=("announced", "unannounced"))
def test_two_gigabytes_are_refused_and_take_no_memory(gateway, server, processes, chunked):
    before = [resident(pid) for pid in processes]
    length = "Transfer-Encoding: chunked" if chunked else f"Content-Length: {2 << 30}"
    part = b"x" * MEGABYTE
    part = b"%x\r\n%s\r\n" % (len(part), part) if chunked else part
    largest, sent = 0.0, 0
    with closing(trusting().wrap_socket(socket.create_connection(("127.0.0.1", gateway)))) as line:
        line.settimeout(PATIENCE)
        line.sendall(
            f"POST /imports/ HTTP/1.1\r\nHost: jiangjie.example\r\n{length}\r\n\r\n".encode()
        )
        with contextlib.suppress(OSError):
            while sent < 2 << 30 and not select.select([line], [], [], 0)[0]:
                line.sendall(part)
                sent += len(part)
                largest = max(largest, grown(processes, before))
        answer = line.recv(100)

    assert b" 413 " in answer or (chunked and answer == b"")  # or the line is simply cut
    assert sent < 100 * MEGABYTE
    assert largest <= 20
    assert ask(gateway)[0] == 200


def latencies(port, source):
    """How long each of a hundred visits from another address takes, in order."""
    took = []
    for _ in range(100):
        began = time.monotonic()
        line = HTTPSConnection(
            "127.0.0.1", port, timeout=PATIENCE, context=trusting(), source_address=(source, 0)
        )
        with closing(line):
            line.request("GET", "/")
            assert line.getresponse().status == 200
        took.append(time.monotonic() - began)
    return sorted(took)


def test_five_hundred_slow_connections_slow_nobody_else(gateway):
    """From ten addresses, fifty each: what the gateway lets one address hold."""
    quiet = latencies(gateway, "127.0.0.99")[98]
    silent = []
    for number in range(SLOW):
        line = socket.create_connection(
            ("127.0.0.1", gateway), source_address=(f"127.0.0.{2 + number // 50}", 0)
        )
        line = trusting().wrap_socket(line, server_hostname="jiangjie.example")
        line.sendall(b"POST / HTTP/1.1\r\nHost: jiangjie.example\r\nContent-Length: 2000\r\n\r\nx")
        silent.append(line)

    crowded = latencies(gateway, "127.0.0.99")[98]

    assert crowded <= max(2 * quiet, 0.25)
    for line in silent:
        line.close()
