"""Pure text work: languages, sentences, masks, personal data, specifics, fences."""
