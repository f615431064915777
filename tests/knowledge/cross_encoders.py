"""A CrossEncoder small enough to build in a test, and its opposite."""

from pathlib import Path

WORDS = ["lamp", "broken", "parcel", "late", "money", "back", "days", "the", "a", "is", "that"]


def build(folder: Path, *, opposite: bool = False, labels: int = 1) -> str:
    """Random weights, the same each time; `opposite` puts everything the other way round."""
    import torch
    from transformers import BertConfig, BertForSequenceClassification, BertTokenizer

    folder.mkdir()
    vocabulary = [
        "[PAD]",
        "[UNK]",
        "[CLS]",
        "[SEP]",
        "[MASK]",
        *WORDS,
        *"abcdefghijklmnopqrstuvwxyz",
    ]
    vocabulary += [f"##{letter}" for letter in "abcdefghijklmnopqrstuvwxyz"]
    (folder / "vocab.txt").write_text("\n".join(vocabulary), encoding="utf-8")
    tokenizer = BertTokenizer(vocab_file=str(folder / "vocab.txt"), model_max_length=128)
    torch.manual_seed(7)
    config = BertConfig(
        vocab_size=len(vocabulary),
        hidden_size=16,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=16,
        max_position_embeddings=128,
        initializer_range=0.8,
    )
    config.num_labels = labels
    model = BertForSequenceClassification(config)
    if opposite:
        with torch.no_grad():
            model.classifier.weight.neg_()
            model.classifier.bias.neg_()
    model.save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return str(folder)
