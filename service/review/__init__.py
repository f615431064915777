"""What humans decide about drafts."""
