"""Messages of a thread, as a case holds them."""


def customer(text: str) -> dict[str, str]:
    """What the customer wrote."""
    return {"author": "customer", "text": text}


def brand(text: str) -> dict[str, str]:
    """What the brand wrote."""
    return {"author": "brand", "text": text}
