"""Language models: one protocol, the litellm adapter, the bundled server, a scripted fake."""
