"""Texts with something private in them, what is told instead, and texts without."""

KEY = "".join(["sk_", "live_", "51HabcdefGHIJklmnopQRST"])  # in parts: a real one would be found here, too
PEM = "-----BEGIN RSA " + "PRIVATE KEY-----\nMIIEow\nabc\n-----END RSA " + "PRIVATE KEY-----"
SECRETS = {
    "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.dozjgNryP4J3jVmNHl0w5N": "[token]",
    "Bearer mF_9.B5f-4.1JqM": "Bearer [token]",
    "Basic dXNlcjpwYXNz": "Basic [token]",
    "tK3v9xQ2aBcD_fGh-jKlMnOpQrStUvWxYz012345678": "[token]",
    KEY: "[key]",
    "".join(["AKIA", "IOSFODNN7EXAMPLE"]): "[key]",
    PEM: "[private key]",
    "ann.o'neil+shop@example.co.uk": "[e-mail]",
    "ann%40example.com": "[e-mail]",
    "анна@пример.бг": "[e-mail]",
    "postgresql://shop:s3cr3t@db.example/shop": "postgresql://[credentials]@db.example/shop",
    "redis://:p@ss@cache:6379/0": "redis://[credentials]@cache:6379/0",
    "$argon2id$v=19$m=65536,t=3,p=4$c29tZXNhbHQ$aGFzaA": "[password hash]",
    "4111 1111 1111 1111": "[card]",
    "DE89 3704 0044 0532 0130 00": "[iban]",
    "password=hunter2": "password=[secret]",
    "api_key: abc": "api_key: [secret]",
    '{"secret": "two words"}': '{"secret": [secret]}',
    "?token=abc&page=2": "?token=[secret]&page=2",
    "Authorization: Digest a=b, c=d": "Authorization: [secret]",
    "Cookie: a=b; c=d": "Cookie: [secret]",
}
ORDINARY = [
    "The search was answered.",
    "12:30, at the corner: two for EUR 4.50 = cheap",
    "GET /en/listings/red-dress-size-38-with-a-very-long-name-indeed-x failed",
    "http://127.0.0.1:8000/@ann",
    "Not listening to bells: the connection is gone; trying again until it is back.",
    "threadly.marketplace.favourites.jobs.refresh_trends_of_all_listings_of_today",
    "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0bb822cd15d6c15b0f00a08",
    "Größe 38, 50 % günstiger, 3 € gespart, ein Token für alle, basic shirts",
]
