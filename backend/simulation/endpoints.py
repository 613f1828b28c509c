"""Every endpoint of the shop, by the name that calls use."""

from backend.simulation.calls import Cache, Call, Endpoint, External, Line, Query, Remote, Severity, Work

_SESSION: Call = Remote("users Validate")

_STOREFRONT = (
    Endpoint("storefront", "GET", "/", 6, (
        _SESSION, Remote("recommendation GET /recommendations", needed=False), Work("render home", 9),
    ), (Line(Severity.INFO, "GET / 200 for {user} in {ms} ms", 0.3),)),
    Endpoint("storefront", "GET", "/search", 7, (
        _SESSION, Remote("inventory GET /products"), Work("render results", 8),
    ), (Line(Severity.INFO, "search “{term}” gave {count} products", 0.8),)),
    Endpoint("storefront", "GET", "/products/{sku}", 6, (
        _SESSION, Remote("inventory GET /products/{sku}"),
        Remote("recommendation GET /recommendations", needed=False), Work("render product", 7),
    ), (Line(Severity.DEBUG, "product {sku} shown to {user}", 0.4),)),
    Endpoint("storefront", "POST", "/cart/items", 5, (
        _SESSION, Remote("inventory GET /stock/{sku}"), Remote("cart POST /carts/{cart}/items"),
    )),
    Endpoint("storefront", "GET", "/cart", 5, (
        _SESSION, Remote("cart GET /carts/{cart}"), Remote("recommendation GET /recommendations", needed=False),
        Work("render cart", 6),
    )),
    Endpoint("storefront", "POST", "/checkout", 8, (
        _SESSION, Remote("checkout POST /orders"), Work("render receipt", 6),
    ), (Line(Severity.INFO, "order {order} of {user} taken: {amount} EUR"),)),
    Endpoint("storefront", "GET", "/orders", 6, (
        _SESSION, Remote("checkout GET /orders"), Work("render orders", 6),
    )),
    Endpoint("storefront", "GET", "/orders/{order}", 6, (
        _SESSION, Remote("checkout GET /orders/{order}"), Remote("shipping GET /shipments/{order}", needed=False),
    )),
)  # fmt: skip

_CART = (
    Endpoint("cart", "GET", "/carts/{cart}", 2, (Cache("HGETALL", "cart:{cart}"), Cache("EXPIRE", "cart:{cart}"))),
    Endpoint("cart", "POST", "/carts/{cart}/items", 3, (
        Cache("HSET", "cart:{cart}"), Cache("EXPIRE", "cart:{cart}"),
    ), (Line(Severity.INFO, "added {quantity} × {sku} to cart {cart}"),)),
    Endpoint("cart", "DELETE", "/carts/{cart}", 2, (Cache("DEL", "cart:{cart}"),),
             (Line(Severity.DEBUG, "cart {cart} emptied", 0.5),)),
)  # fmt: skip

_CHECKOUT = (
    Endpoint("checkout", "POST", "/orders", 12, (
        Remote("cart GET /carts/{cart}"),
        Query("SELECT", "customers", "SELECT id, tier, vat_id FROM customers WHERE id = $1", 5),
        Work("price order", 5),
        Remote("inventory POST /reservations"),
        Remote("shipping POST /quotes", needed=False),
        Query("INSERT", "orders", "INSERT INTO orders (id, customer_id, total) VALUES ($1, $2, $3)", 8),
        Query("INSERT", "order_items", "INSERT INTO order_items (order_id, sku, quantity) VALUES ($1, $2, $3)", 9),
        Remote("payment POST /charges"),
        Query("UPDATE", "orders", "UPDATE orders SET state = $2 WHERE id = $1", 7),
        Remote("shipping POST /shipments", needed=False),
        Remote("cart DELETE /carts/{cart}", needed=False),
    ), (
        Line(Severity.INFO, "placing order {order}: {quantity} × {sku}, {amount} EUR"),
        Line(Severity.INFO, "order {order} placed in {ms} ms"),
    )),
    Endpoint("checkout", "GET", "/orders", 5, (
        Query("SELECT", "orders", "SELECT * FROM orders WHERE customer_id = $1 ORDER BY placed_at DESC LIMIT 20", 9),
    )),
    Endpoint("checkout", "GET", "/orders/{order}", 4, (
        Query("SELECT", "orders", "SELECT * FROM orders WHERE id = $1", 5),
        Query("SELECT", "order_items", "SELECT * FROM order_items WHERE order_id = $1", 6),
    ), refusal=(404, 0.01, "order {order} does not exist")),
)  # fmt: skip

_PAYMENT = (
    Endpoint("payment", "POST", "/charges", 9, (
        Query("SELECT", "payment_methods", "SELECT id, kind, token FROM payment_methods WHERE customer_id = $1", 4),
        Work("score fraud risk", 11),
        External("api.cardworks.example", "POST", "/v2/authorizations", 95),
        Query("INSERT", "charges", "INSERT INTO charges (id, order_id, amount, state) VALUES ($1, $2, $3, $4)", 6),
    ), (Line(Severity.INFO, "charged {amount} EUR for order {order}, authorization {auth}"),),
        refusal=(402, 0.02, "card of {user} declined: insufficient funds, order {order}")),
    Endpoint("payment", "GET", "/methods", 4, (
        Query("SELECT", "payment_methods", "SELECT id, kind, last4 FROM payment_methods WHERE customer_id = $1", 4),
    )),
)  # fmt: skip

_INVENTORY = (
    Endpoint("inventory", "GET", "/products", 6, (
        Cache("GET", "search:{term}"),
        Query("SELECT", "products", "SELECT sku, name, price FROM products WHERE name ILIKE $1 LIMIT 48", 12),
    ), (Line(Severity.DEBUG, "search took {ms} ms, {count} rows", 0.5),)),
    Endpoint("inventory", "GET", "/products/{sku}", 3, (
        Cache("GET", "product:{sku}"), Query("SELECT", "products", "SELECT * FROM products WHERE sku = $1", 4),
    ), refusal=(404, 0.008, "product {sku} is not in the catalogue")),
    Endpoint("inventory", "GET", "/stock/{sku}", 3, (
        Query("SELECT", "stock", "SELECT available, reserved FROM stock WHERE sku = $1", 4),
    ), (Line(Severity.INFO, "{sku}: {count} in stock", 0.3),
        Line(Severity.WARN, "stock of {sku} is low: {quantity} left", 0.02))),
    Endpoint("inventory", "POST", "/reservations", 5, (
        Query("SELECT", "stock", "SELECT available FROM stock WHERE sku = ANY($1) FOR UPDATE", 9),
        Query("UPDATE", "stock", "UPDATE stock SET reserved = reserved + $2 WHERE sku = $1", 8),
        Cache("DEL", "product:{sku}"),
    ), (Line(Severity.INFO, "reserved {quantity} × {sku} for order {order}"),)),
)  # fmt: skip

_SHIPPING = (
    Endpoint("shipping", "POST", "/quotes", 5, (
        Cache("GET", "quote:{zone}"), External("api.parcelhub.example", "POST", "/rates", 70),
    ), (Line(Severity.INFO, "quote for zone {zone}: {fee} EUR", 0.7),)),
    Endpoint("shipping", "POST", "/shipments", 6, (
        Query("INSERT", "shipments", "INSERT INTO shipments (order_id, zone) VALUES ($1, $2)", 6),
    ), (Line(Severity.INFO, "shipment of order {order} queued for zone {zone}"),)),
    Endpoint("shipping", "GET", "/shipments/{order}", 4, (
        Query("SELECT", "shipments", "SELECT * FROM shipments WHERE order_id = $1", 5),
        External("api.parcelhub.example", "GET", "/track", 60),
    )),
)  # fmt: skip

_RECOMMENDATION = (
    Endpoint("recommendation", "GET", "/recommendations", 8, (
        Cache("GET", "profile:{user}"), Work("rank candidates", 16),
    ), (Line(Severity.DEBUG, "ranked {count} candidates for {user} with model v{model}", 0.15),)),
)  # fmt: skip

_USERS = (
    Endpoint("users", "Validate", "", 1.5, (Cache("GET", "session:{session}"),), rpc="users.v1.Sessions",
             lines=(Line(Severity.WARN, "session {session} is near its end; renewed", 0.01),)),
    Endpoint("users", "GET", "/users/{user}", 3, (
        Query("SELECT", "users", "SELECT id, name, locale FROM users WHERE id = $1", 4),
    )),
    Endpoint("users", "POST", "/login", 22, (
        Query("SELECT", "users", "SELECT id, password_hash FROM users WHERE email = $1", 4),
        Work("verify password", 60), Cache("SET", "session:{session}"),
    ), (Line(Severity.INFO, "{user} signed in from {zone}"),),
        refusal=(401, 0.05, "sign-in of {user} refused: wrong password")),
)  # fmt: skip

_ACCOUNT = (
    Endpoint("storefront", "POST", "/login", 6, (Remote("users POST /login"), Cache("SET", "csrf:{session}"))),
    Endpoint("storefront", "GET", "/account", 5, (
        _SESSION, Remote("users GET /users/{user}"), Remote("payment GET /methods", needed=False),
    ), parallel=True),
)  # fmt: skip

ENDPOINTS: dict[str, Endpoint] = {
    endpoint.key: endpoint
    for endpoint in (
        *_STOREFRONT, *_ACCOUNT, *_CART, *_CHECKOUT, *_PAYMENT, *_INVENTORY, *_SHIPPING, *_RECOMMENDATION, *_USERS,
    )
}  # fmt: skip
