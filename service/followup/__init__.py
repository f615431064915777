"""After the reply: mentions in, deadlines, promises kept, loops closed, what went unanswered."""
