"""Finding a brand in posts: labelled posts, the head's training, and what the finding is worth."""
