"""Installations of which everything is right."""

GOOD = {
    "THREADLY_DATABASE__URL": "postgresql://shop:4aQm8Zt1@db.internal/shop",
    "THREADLY_CACHE__URL": "redis://:9rXk2Wv7@valkey.internal:6379/0",
    "THREADLY_MEDIA__FOLDER": "/var/lib/shop/media",
    "THREADLY_MEDIA__ORIGIN": "https://pictures.shop.example",
    "THREADLY_SECURITY__SECRET": "hD8s0vYQk4mX2bN6tR1wE9zK3uJ7cL5aF/gP+iMoTq0=",
    "THREADLY_SITE__URL": "https://shop.example",
    "THREADLY_SERVER__TRUSTED_PROXIES": "10.0.0.7",
    "THREADLY_SERVER__WORKERS": "4",
}
