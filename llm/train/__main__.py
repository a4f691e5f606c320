"""``python -m llm.train``: make the built-in model from nothing but this repository.

Corpus, tokenizer, training and evaluation, in under 45 CPU minutes on one core. Stop it whenever
you like; the next call goes on where it stopped.
"""

from __future__ import annotations

import argparse
import sys
import time
from dataclasses import replace
from pathlib import Path

from llm.tiny import WEIGHTS, Tiny
from llm.train.card import drifted, write_card
from llm.train.corpus import documents, rows
from llm.train.evaluate import N_CARDS, evaluate
from llm.train.loop import Recipe, new_model, save, train
from llm.train.tokenizer import train_tokenizer


def main(arguments: list[str] | None = None, recipe: Recipe | None = None) -> int:
    """Train, evaluate, and write weights with their model card.

    Parameters
    ----------
    arguments
        As on the command line.
    recipe
        What the options change; the shipped model's by default.

    Returns
    -------
    int
        1 if the metrics differ from those to compare with, else 0.
    """
    options = _options(arguments)
    recipe = replace(
        recipe or Recipe(), tokens=options.tokens, documents=options.documents, seed=options.seed
    )
    folder: Path = options.out
    begun = time.process_time()
    say(f"Drafting {recipe.documents:,} cards with the grammar ...")
    corpus = documents(recipe.documents, recipe.seed)
    tokenizer = train_tokenizer(corpus, recipe.vocabulary)
    data = rows(corpus, tokenizer, recipe.context)
    say(f"{data[0].size:,} tokens a pass in {len(data[0]):,} rows; training on {recipe.tokens:,}.")
    model = new_model(recipe, tokenizer.get_vocab_size())

    def report(tokens: int, loss: float, cpu_s: float) -> None:
        say(f"{tokens:>12,} tokens  loss {loss:.3f}  {cpu_s / 60:5.1f} CPU minutes")

    train(model, data, recipe, options.checkpoint, report)
    folder.mkdir(parents=True, exist_ok=True)
    save(model, folder)
    tokenizer.save(str(folder / "tokenizer.json"), pretty=False)
    trained = time.process_time() - begun
    say("Evaluating on new cards ...")
    figures = evaluate(Tiny(folder), corpus, recipe.seed + 1, options.cards)
    for figure in figures:
        say(f"  {figure.name:<40} {figure.value:8.3f} {figure.unit}")
    drift = drifted(options.compare, figures) if options.compare else []
    about = {
        "parameters": sum(p.numel() for p in model.parameters()),
        "vocabulary": tokenizer.get_vocab_size(),
        "cards in the corpus": len(corpus),
        "megabytes of text": sum(len(p.text) for d in corpus for p in d.passages) / 1e6,
        "different texts": len({p.text for d in corpus for p in d.passages}),
        "passes over the corpus": recipe.tokens / data[0].size,
        "CPU minutes, all of it": trained / 60,
        "megabytes of weights": (folder / "model.safetensors").stat().st_size / 1e6,
    }
    learned = sorted({doc.start.removeprefix("<|kind:").removesuffix("|>") for doc in corpus})
    write_card(folder, recipe, figures, about, learned)
    for sentence in drift:
        say(f"Not reproduced: {sentence}")
    return 1 if drift else 0


def say(line: str) -> None:
    """One line of progress."""
    sys.stderr.write(f"{line}\n")
    sys.stderr.flush()


def _options(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m llm.train", description=__doc__)
    parser.add_argument("--tokens", type=int, default=Recipe.tokens, help="tokens to train on")
    parser.add_argument("--documents", type=int, default=Recipe.documents, help="cards to draft")
    parser.add_argument("--cards", type=int, default=N_CARDS, help="new cards to evaluate on")
    parser.add_argument("--seed", type=int, default=Recipe.seed)
    parser.add_argument("--out", type=Path, default=WEIGHTS, help="where the weights go")
    parser.add_argument(
        "--checkpoint", type=Path, default=Path("out/train"), help="where to resume from"
    )
    parser.add_argument(
        "--compare", type=Path, help="a folder of shipped weights the metrics must agree with"
    )
    return parser.parse_args(arguments)


if __name__ == "__main__":
    raise SystemExit(main())
