"""Making the built-in model: corpus from the authored grammar, tokenizer, training, evaluation."""
