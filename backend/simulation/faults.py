"""The exceptions of the shop, with the stack traces that their languages write."""

from backend.simulation.signals import Fault

_NULL_POINTER = """java.lang.NullPointerException: {message}
\tat com.shop.payment.wallet.WalletTokens.resolve(WalletTokens.java:88)
\tat com.shop.payment.charge.ChargeService.authorize(ChargeService.java:141)
\tat com.shop.payment.charge.ChargeService.charge(ChargeService.java:97)
\tat com.shop.payment.api.ChargeController.create(ChargeController.java:54)
\tat org.springframework.web.servlet.FrameworkServlet.service(FrameworkServlet.java:885)
\tat org.apache.tomcat.util.threads.ThreadPoolExecutor.runWorker(ThreadPoolExecutor.java:1191)
\tat java.base/java.lang.Thread.run(Thread.java:1583)"""

_HIKARI = """java.sql.SQLTransientConnectionException: {message}
\tat com.zaxxer.hikari.pool.HikariPool.createTimeoutException(HikariPool.java:686)
\tat com.zaxxer.hikari.pool.HikariPool.getConnection(HikariPool.java:179)
\tat com.shop.checkout.order.OrderRepository.inTransaction(OrderRepository.java:63)
\tat com.shop.checkout.order.OrderService.place(OrderService.java:118)
\tat java.base/java.lang.Thread.run(Thread.java:1583)"""

_GO_POOL = """{message}
goroutine 48213 [running]:
shop/inventory/internal/store.(*Store).acquire(0xc0003a2000)
\t/src/inventory/internal/store/pool.go:71 +0x1f4
shop/inventory/internal/store.(*Store).Stock(0xc0003a2000)
\t/src/inventory/internal/store/stock.go:39 +0x8c"""

_DEADLOCK = """ERROR: {message}
  Detail: Process 3121 waits for ShareLock on transaction 88213; blocked by process 3127.
  Hint: See server log for query details."""

_READ_TIMEOUT = """Traceback (most recent call last):
  File "/app/shipping/carrier.py", line 74, in rates
    answer = self._session.post(url, json=parcel, timeout=2.5)
  File "/usr/lib/python3/site-packages/requests/sessions.py", line 637, in post
    return self.request("POST", url, data=data, json=json, **kwargs)
  File "/usr/lib/python3/site-packages/requests/adapters.py", line 713, in send
    raise ReadTimeout(e, request=request)
requests.exceptions.ReadTimeout: {message}"""

_MEMORY = """Traceback (most recent call last):
  File "/app/recommendation/ranking.py", line 212, in rank
    scores = numpy.empty((len(candidates), self._width), dtype="float32")
numpy.core._exceptions._ArrayMemoryError: {message}"""

_NO_CONNECTION = """Error: {message}
    at TCPConnectWrap.afterConnect [as oncomplete] (node:net:1607:16)"""


def null_pointer() -> Fault:
    """Return what payment 2.15.0 throws for customers without a wallet."""
    return _fault(
        "java.lang.NullPointerException",
        'Cannot invoke "com.shop.payment.wallet.Wallet.token()" because "wallet" is null',
        _NULL_POINTER,
    )


def pool_timeout(language: str, size: int, waiting: int) -> Fault:
    """Return what a service throws when no database connection became free in time."""
    counts = f"total={size}, active={size}, idle=0, waiting={waiting}"
    message = f"timed out waiting for a connection after 3000 ms ({counts})"
    if language == "java":
        return _fault("java.sql.SQLTransientConnectionException", f"HikariPool-1 - {message}", _HIKARI)
    return _fault("pool.ErrTimeout", message, _GO_POOL)


def deadlock() -> Fault:
    """Return the error of a statement that lost against another one, as happens on good days too."""
    return _fault("PostgresError", "deadlock detected (SQLSTATE 40P01)", _DEADLOCK)


def read_timeout(host: str) -> Fault:
    """Return what a call throws that got no answer in time."""
    message = f"HTTPSConnectionPool(host='{host}', port=443): Read timed out. (read timeout=2.5)"
    return _fault("requests.exceptions.ReadTimeout", message, _READ_TIMEOUT)


def out_of_memory() -> Fault:
    """Return what a process throws that has used up its memory."""
    message = "Unable to allocate 38.1 MiB for an array with shape (4096, 2441) and data type float32"
    return _fault("numpy.core._exceptions._ArrayMemoryError", message, _MEMORY)


def no_connection(address: str) -> Fault:
    """Return what a caller throws when nobody listens."""
    return _fault("ECONNREFUSED", f"connect ECONNREFUSED {address}:8080", _NO_CONNECTION)


def _fault(kind: str, message: str, stack: str) -> Fault:
    return Fault(kind, message, stack.format(message=message))
