"""The `serve` command: the service on an address, safe by default, ending without loss."""

from __future__ import annotations

import errno
import ipaddress
import signal
import socket
import threading
from collections.abc import Callable

from api.console import say
from api.guard import LOOPBACK
from assistant.desk import Desk
from assistant.errors import BadRequest

GRACE_SECONDS = 10  # for answers that are under way when the service is told to end
SHORTEST_TOKEN = 16
BACKLOG = 256


def serve(desk: Desk, host: str, port: int, ready: Callable[[int], None] | None = None) -> int:
    """Serve until told to end (Ctrl-C, SIGTERM); 0. `ready` is told the port once it is bound.

    Raises BadRequest for an address that is taken or not ours, and for one beyond this machine without a token.
    """
    import uvicorn

    from api.app import create_app

    local = is_loopback(host)
    if not local:
        _demand_token(desk, host)
    with _bound(host, port) as listener:
        hosts = LOOPBACK | {host.lower().strip("[]")} if local else None
        app = create_app(desk, hosts=hosts)
        config = uvicorn.Config(
            app,
            log_level="warning",
            access_log=False,  # addresses of the API name cases and documents
            server_header=False,
            timeout_graceful_shutdown=GRACE_SECONDS,
        )
        actual = listener.getsockname()[1]
        say(f"共治已启动：http://{_shown(host)}:{actual}/  接口说明 /openapi.json  按 Ctrl-C 结束。")
        if ready is not None:
            ready(actual)
        _run(uvicorn.Server(config), listener)
    say("共治已结束。没有做完的索引会在下次启动时接着做。")
    return 0


def is_loopback(host: str) -> bool:
    """Whether an address is reached from this machine alone."""
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host.lower() == "localhost"


def _demand_token(desk: Desk, host: str) -> None:
    token = desk.settings.token.get_secret_value() if desk.settings.token else ""
    if len(token) < SHORTEST_TOKEN or not token.isascii() or not token.isprintable() or " " in token:
        raise BadRequest(
            f"地址 {host} 能从别的机器访问，须先由管理员设置口令：在 {desk.home / 'settings.toml'} 中写 token = \"…\" "
            f"（或环境变量 GONGZHI_TOKEN），至少 {SHORTEST_TOKEN} 个英文字母或数字。只在本机使用时请用 --host 127.0.0.1。"
        )


def _bound(host: str, port: int) -> socket.socket:
    """A socket bound to the address, before anything costly is opened."""
    plain = host.strip("[]")
    try:
        family, *_, address = socket.getaddrinfo(plain, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
        listener = socket.socket(family)
    except (OSError, UnicodeError) as error:
        raise BadRequest(f"没有地址 {host}。请用 --host 写本机的地址，例如 127.0.0.1。") from error
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        listener.listen(BACKLOG)  # from now on callers wait for the start instead of being refused
    except OSError as error:
        listener.close()
        raise BadRequest(_why_not(error, host, port)) from error
    return listener


def _why_not(error: OSError, host: str, port: int) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"端口 {port} 已被别的程序占用（也许共治已经启动）。请关闭那个程序，或用 --port 换一个端口。"
    if error.errno == errno.EADDRNOTAVAIL:
        return f"{host} 不是本机的地址。请用 --host 写本机的地址，例如 127.0.0.1。"
    if error.errno in (errno.EACCES, errno.EPERM):
        return f"没有权限使用端口 {port}。请用 --port 换一个 1024 以上的端口。"
    return f"无法使用 {host} 的端口 {port}：{error.strerror}。请换一个地址或端口。"


def _shown(host: str) -> str:
    return f"[{host.strip('[]')}]" if ":" in host else host


def _run(server: object, listener: socket.socket) -> None:
    """Run the server; the signal that ends it is its ordinary end, not an error."""
    from uvicorn import Server

    assert isinstance(server, Server)
    if threading.current_thread() is not threading.main_thread():
        server.run(sockets=[listener])
        return
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        server.run(sockets=[listener])
    except KeyboardInterrupt:  # raised once more by uvicorn after it has shut down
        pass
    finally:
        signal.signal(signal.SIGTERM, before)
