"""What terminals see of the models: ``models compare``, ``train``, ``judge``, ``thumbs`` ...

`cli.py` mounts `commands`; nothing here needs a library of one's own.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.markdown import Markdown

from cli_parts import err, out, sentences
from music.errors import InputError

if TYPE_CHECKING:
    from llm.task import Task

models = typer.Typer(no_args_is_help=True, help="The language models you have.")
corpus = typer.Typer(no_args_is_help=True, help="Text to train on.")


def commands(app: typer.Typer) -> None:
    """Mount everything here on the command line."""
    app.add_typer(models, name="models")
    app.add_typer(corpus, name="corpus")
    app.command("train")(train)
    app.command("judge")(judge)
    app.command("thumbs")(thumbs)


@models.command("compare")
def compare(
    names: Annotated[
        list[str], typer.Argument(help="grammar, tiny, hf:FOLDER, ollama:MODEL, server:URL#MODEL")
    ],
    cards: Annotated[int, typer.Option(help="Cards each of them writes.")] = 12,
    questions: Annotated[int, typer.Option(help="Music questions; 0 leaves them out.")] = 200,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON and nothing else.")] = False,
) -> None:
    """Measure models on the same cards: validity, groundedness, coherence, speed, memory."""
    from dataclasses import asdict

    from llm import models as measuring
    from llm.hf import weight_bytes

    with sentences():
        for name in names:
            size = weight_bytes(name.partition(":")[2]) if name.startswith("hf:") else None
            if size and not as_json:
                err.print(f"{name}: {size / 1e6:,.0f} MB of weights", markup=False)
        reports = measuring.compare(names, cards, questions)
    if as_json:
        typer.echo(json.dumps([asdict(report) for report in reports], indent=1))
    else:
        out.print(Markdown(measuring.table(reports)))


@models.command("fetch")
def fetch(
    model: Annotated[str, typer.Argument(help="Its id on the Hub: openai-community/gpt2.")],
    yes: Annotated[bool, typer.Option("--yes", help="Fetch without asking again.")] = False,
    hub: Annotated[str, typer.Option(help="The Hub.")] = "https://huggingface.co",
) -> None:
    """Say what a model weighs and where it comes from, and fetch it if you agree."""
    from llm import hub as hugging

    with sentences():
        wanted = hugging.offer(model, hub)
        out.print(str(wanted), markup=False, highlight=False)
        if not yes and not typer.confirm("Fetch it?"):
            return
        hugging.fetch(wanted, lambda share, text: err.print(f"{share:.0%} {text}"), hub)
    out.print(f"Use it as hf:{model}", markup=False, highlight=False)


@models.command("convert")
def convert(
    model: Annotated[str, typer.Argument(help="A folder, or an id on this machine.")],
    to: Annotated[Path, typer.Option(help="Where the int8 model goes.")],
) -> None:
    """Turn a model into int8 for CTranslate2: write with it as fast:FOLDER."""
    from llm import fast

    with sentences():
        n_bytes = fast.convert(model, to)
    out.print(f"{n_bytes / 1e6:,.0f} MB; use it as fast:{to}", markup=False, highlight=False)


def train(
    file: Annotated[
        Path | None, typer.Argument(help="Your texts: .csv, .tsv, .jsonl or .txt.")
    ] = None,
    model: Annotated[str, typer.Option(help="A model on this machine.")] = "openai-community/gpt2",
    to: Annotated[Path, typer.Option(help="Where the new model goes.")] = Path("my-critic"),
    column: Annotated[str, typer.Option(help="The column with the text.")] = "",
    subset: Annotated[int, typer.Option(help="Use only so many texts; 0 = all.")] = 0,
    epochs: Annotated[float, typer.Option(help="Most passes over the text.")] = 3.0,
    lora: Annotated[bool, typer.Option(help="Train small matrices beside the weights.")] = False,
    preferences: Annotated[
        Path | None, typer.Option(help="Thumbs as JSON Lines: teach the built-in model by DPO.")
    ] = None,
    desk: Annotated[
        Path | None, typer.Option(help="From `corpus desk`: teach a small model to set the synth.")
    ] = None,
) -> None:
    """Fine-tune a model on your own text, or the built-in one on your thumbs."""
    with sentences():
        if desk is not None:
            _teach_desk(desk, to)
        elif preferences is not None:
            _prefer(preferences, to)
        elif file is not None:
            _finetune(file, model, to, column, (subset, epochs, lora))
        else:
            raise InputError(
                "say what to learn from: a file of texts, --preferences FILE or --desk FILE."
            )


@corpus.command("build")
def build(
    to: Annotated[Path, typer.Argument(help="The .jsonl file to write.")],
    n: Annotated[int, typer.Option(help="Most reviews.")] = 20_000,
    url: Annotated[str, typer.Option(help="The server.")] = "https://critiquebrainz.org",
    pause_s: Annotated[float, typer.Option(help="Rest between pages.")] = 1.0,
) -> None:
    """Gather openly licensed reviews from CritiqueBrainz; each keeps its licence and address."""
    from llm.train.reviews import gather

    with sentences():
        got = gather(to, n, url, pause_s=pause_s)
    licences = ", ".join(f"{count:,} under {name}" for name, count in got.by_licence.items())
    dropped = ", ".join(f"{count:,} {why}" for why, count in got.dropped.items()) or "none"
    out.print(f"{got.n_kept:,} reviews ({licences}); dropped: {dropped}.", markup=False)


@corpus.command("desk")
def desk(
    to: Annotated[Path, typer.Argument(help="The .jsonl file to write.")],
    n: Annotated[int, typer.Option(min=1, help="How many sentences.")] = 3_000,
    seed: Annotated[int, typer.Option(help="Which of many such files.")] = 0,
) -> None:
    """Sentences with synth settings that sound like them, to train a model on with ``train``."""
    from studio import desk_writer
    from studio.flows import write_bytes

    with sentences():
        rows = []
        for row in desk_writer.corpus(n, seed):
            rows.append(json.dumps(row, ensure_ascii=False))
            if len(rows) % 100 == 0:
                err.print(f"{len(rows):,} of {n:,}", highlight=False)
        write_bytes(to, ("\n".join(rows) + "\n").encode())
    out.print(f"{n:,} sentences in {to}.", markup=False, highlight=False)


def judge(
    first: Annotated[str, typer.Argument(help="A backend.")] = "grammar",
    second: Annotated[str, typer.Argument(help="Another.")] = "tiny",
    pairs: Annotated[int, typer.Option(help="How many.")] = 50,
    seed: Annotated[int, typer.Option(help="Which round.")] = 0,
    votes: Annotated[Path, typer.Option(help="Where votes are kept.")] = Path("votes.json"),
    sheet: Annotated[
        Path | None, typer.Option(help="Write all pairs to this file, without names, and stop.")
    ] = None,
    answers: Annotated[
        Path | None, typer.Option(help="Read votes from this file: a line each, '12 a'.")
    ] = None,
) -> None:
    """Choose between two writers without knowing which is which: a, b, s to skip, q to stop."""
    from llm import judge as blind
    from studio.blind import tasks as blind_tasks

    which = f"{first} {second} {seed}"
    with sentences():
        tasks = blind_tasks(pairs)
        if sheet is not None:
            sheet.write_text(blind.sheet(blind.pairs(tasks, first, second, seed)), "utf-8")
            out.print(f"{pairs} pairs in {sheet}.", markup=False, highlight=False)
            return
        mine = _votes(votes, which)
        if answers is not None:
            mine |= blind.answers(_text(answers), pairs)
            _keep(votes, which, mine)
        else:
            _ask(tasks, (first, second, seed), mine, lambda: _keep(votes, which, mine))
        who = {number: blind.order(number, first, second, seed) for number in mine}
        found = blind.standing(mine, who)
    for s in found:
        told = f"{s.name}: {s.wins} to {s.losses}, strength {s.strength:+.2f}"
        out.print(f"{told} (95 %: {s.low:+.2f} to {s.high:+.2f})", markup=False, highlight=False)
    winner = blind.decided(found)
    out.print(f"{winner} wins." if winner else "Not decided yet.", markup=False)


def _ask(
    tasks: list[Task], what: tuple[str, str, int], mine: dict[int, str], keep: Callable[[], None]
) -> None:
    """Show the pairs that have no vote yet, and put the answers into ``mine``."""
    from llm import judge as blind

    first, second, seed = what
    for number, task in enumerate(tasks):
        if number in mine:
            continue
        out.print(f"\n{number + 1} of {len(tasks)}", style="bold")
        shown = blind.shown(blind.pair(number, task, first, second, seed))
        out.print(f"\n{shown}", markup=False, highlight=False)
        answer = typer.prompt("a, b, s or q").strip().lower()
        if answer == "q":
            break
        if answer in ("a", "b"):
            mine[number] = answer
            keep()


def thumbs(
    to: Annotated[Path, typer.Argument(help="The .jsonl file to write.")] = Path("thumbs.jsonl"),
) -> None:
    """Take your thumbs along: one JSON line each, for ``train --preferences``."""
    from studio import services
    from studio import thumbs as kept
    from studio.flows import write_bytes

    votes = kept.votes(services.ME)
    with sentences():
        if not votes:
            raise InputError("there are no thumbs yet; they stand under each joke of a roast.")
        write_bytes(to, kept.as_lines(votes).encode())
    out.print(f"{len(votes):,} thumbs in {to}.", markup=False, highlight=False)


def _finetune(file: Path, model: str, to: Path, column: str, how: tuple[int, float, bool]) -> None:
    from llm.train.finetune import Plan, finetune

    subset, epochs, lora = how
    plan = Plan(epochs=epochs, subset=subset, lora=lora)
    done = finetune(
        model, file, to, plan, column, progress=lambda share, line: err.print(f"{share:.0%} {line}")
    )
    out.print(
        f"{done.n_training:,} texts learned; perplexity {done.perplexity_before:,.1f} before, "
        f"{done.perplexity_after:,.1f} after. Samples: {to / 'SAMPLES.md'}. Use it as hf:{to}",
        markup=False,
    )


def _teach_desk(file: Path, to: Path) -> None:
    from llm.train.desk import train_desk

    def told(tokens: int, loss: float, cpu_s: float) -> None:
        err.print(f"{tokens:,} tokens, loss {loss:.2f}, {cpu_s / 60:.1f} CPU minutes")

    n = train_desk(file, to, told)
    out.print(f"{n:,} sentences learned. Use it as tiny:{to} on Hear it.", markup=False)


def _prefer(file: Path, to: Path) -> None:
    from llm.preference import read_votes
    from llm.train.dpo import prefer

    votes = read_votes(_text(file), str(file))
    before, after = prefer(votes, to)
    out.print(
        f"Agrees with {before:.0%} of your votes before, {after:.0%} after. Use it as tiny:{to}"
    )


def _text(file: Path) -> str:
    try:
        return file.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{file} cannot be read: {error}.") from error


def _votes(file: Path, which: str) -> dict[int, str]:
    """The votes of one round; votes on other rounds in the file stay."""
    if not file.exists():
        return {}
    try:
        told = json.loads(file.read_text("utf-8")).get(which, {})
        return {int(number): str(vote) for number, vote in told.items()}
    except (ValueError, AttributeError) as error:
        raise InputError(f"{file} holds no votes of ours.") from error


def _keep(file: Path, which: str, votes: dict[int, str]) -> None:
    told = json.loads(file.read_text("utf-8")) if file.exists() else {}
    told[which] = votes
    file.write_text(json.dumps(told, indent=1) + "\n", "utf-8")
