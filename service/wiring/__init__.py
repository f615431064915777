"""How each service is built: what they share is made once, and handed to those that ask."""
