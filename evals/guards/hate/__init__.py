"""Hate, threats and insults in incoming posts: own sentences, the head's training, its measure."""
