"""Any causal model in int8 through CTranslate2: a quarter of the memory.

It saves little CPU here. A mask for every token means a call for every token, and CTranslate2
(4.8.5) keeps its key-value cache within one call only, so the text so far is read again each time:
51 CPU ms a token of GPT-2 where float takes 46. Sampling 16 tokens ahead in one call and refusing
those that the mask forbids was tried: 43 against 54 over five lines, for a hundred lines of code,
and a model to load anew for each card because its random numbers cannot be seeded again.

An extra (``pip install -e '.[fast]'``). ``ghostnotes models convert FOLDER --to OUT`` makes the
folder that ``fast:OUT`` reads. The decoder, the prompts and so every promise about cards are those
of `llm.hf`; only the logits come from elsewhere.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np

from llm.hf import HuggingFace, closers_of, load
from llm.pieces import pieces_of
from llm.slots import Logits
from music.errors import ModelError

if TYPE_CHECKING:
    import ctranslate2
    from transformers import PreTrainedTokenizerBase

ABOUT: Final = "ghostnotes.json"  # what CTranslate2 does not keep: context and vocabulary size
MISSING: Final = "this needs CTranslate2: pip install -e '.[fast]'."


class Fast(HuggingFace):
    """A converted model as a backend; parameters as for `HuggingFace`, `model` is its folder.

    Raises
    ------
    ModelError
        At first use, if the folder holds no converted model, or CTranslate2 is not installed.
    """

    def __init__(self, model: str, style: str = "", budget: int = 400) -> None:
        super().__init__(model, style, budget)
        self.name = f"fast:{model}"

    @cached_property
    def causal(self) -> Int8Causal:  # type: ignore[override]
        """The loaded model."""
        return Int8Causal(Path(self.model_id).expanduser())


class Int8Causal:
    """A converted model as a `llm.slots.Causal`.

    Parameters
    ----------
    folder
        As `convert` left it.
    """

    def __init__(self, folder: Path) -> None:
        if not (folder / ABOUT).is_file():
            raise ModelError(
                f"the folder {folder} holds no converted model; `ghostnotes models convert` makes "
                "one of any Hugging Face folder."
            )
        about = json.loads((folder / ABOUT).read_text(encoding="utf-8"))
        self.context = int(about["context"])
        self.tokenizer = _tokenizer(folder)
        vocabulary, special = self.tokenizer.get_vocab(), self.tokenizer.all_special_ids
        self.pieces: Sequence[str | None] = pieces_of(vocabulary, special, about["vocabulary"])
        self.closers = closers_of(self.pieces)
        self._generator = _generator(folder)
        self._prompt: list[int] = []

    def logits(self, ids: Sequence[int], last: int = 1) -> Logits:
        """Next-token logits after each of the last `last` ids, shape (last, n_vocabulary)."""
        ids = list(ids)
        if last > 1:
            found = np.array(self._generator.forward_batch([self._tokens(ids)]))
            return np.asarray(found[0, -last:, : len(self.pieces)], np.float32)
        # What stood before the text that is being written stays in CTranslate2's cache.
        if not self._prompt or ids[: len(self._prompt)] != self._prompt or len(ids) < 2:
            self._prompt = ids[:-1]
        (step,) = self._generator.generate_batch(
            [self._tokens(ids[len(self._prompt) :])],
            static_prompt=self._tokens(self._prompt) or None,
            cache_static_prompt=bool(self._prompt),
            max_length=1,
            sampling_topk=1,
            include_prompt_in_result=False,
            return_logits_vocab=True,
        )
        return np.array(step.logits[0], np.float32).reshape(1, -1)[:, : len(self.pieces)]

    def _tokens(self, ids: list[int]) -> list[str]:
        found: list[str] = self.tokenizer.convert_ids_to_tokens(ids)
        return found


def convert(model: str, out: Path) -> int:
    """Turn a Hugging Face model into int8 weights that `Fast` reads.

    Parameters
    ----------
    model
        A folder, or an id that is on this machine; safetensors only, as everywhere.
    out
        Must not exist yet.

    Returns
    -------
    int
        Bytes of the new weights.

    Raises
    ------
    ModelError
        If there is no such model, CTranslate2 does not know its kind or is not installed, or `out`
        exists.
    """
    if out.exists():
        raise ModelError(f"{out} is there already; choose another folder.")
    try:
        from ctranslate2.converters import TransformersConverter
    except ImportError as error:
        raise ModelError(MISSING) from error
    tokenizer, loaded = load(model)  # our own door: no code of the model's, no pickles
    source = out.with_name(out.name + ".source")
    loaded.save_pretrained(source)
    tokenizer.save_pretrained(source)
    try:
        TransformersConverter(str(source)).convert(str(out), quantization="int8")
    except (ValueError, NotImplementedError) as error:
        raise ModelError(f"CTranslate2 cannot convert {model}: {error}") from error
    finally:
        _remove(source)
    config = loaded.config.get_text_config()
    context = int(getattr(config, "max_position_embeddings", 2_048))
    about = {"context": context, "vocabulary": config.vocab_size, "made_of": model}
    (out / ABOUT).write_text(json.dumps(about), encoding="utf-8")
    tokenizer.save_pretrained(out / "tokenizer")
    _name_every_token(out / "config.json", str(tokenizer.eos_token or tokenizer.pad_token))
    return (out / "model.bin").stat().st_size


def _tokenizer(folder: Path) -> PreTrainedTokenizerBase:
    from transformers import AutoTokenizer

    found: PreTrainedTokenizerBase = AutoTokenizer.from_pretrained(
        str(folder / "tokenizer"), local_files_only=True, trust_remote_code=False
    )
    return found


def _generator(folder: Path) -> ctranslate2.Generator:
    try:
        import ctranslate2
    except ImportError as error:
        raise ModelError(MISSING) from error
    try:
        return ctranslate2.Generator(str(folder), device="cpu", inter_threads=1, intra_threads=1)
    except (RuntimeError, ValueError) as error:
        raise ModelError(f"the folder {folder} holds no converted model: {error}") from error


def _name_every_token(config: Path, end: str) -> None:
    """CTranslate2 (4.8) refuses to load a config in which a special token is null."""
    told = json.loads(config.read_text(encoding="utf-8"))
    named = {k: end if v is None and k.endswith("_token") else v for k, v in told.items()}
    config.write_text(json.dumps(named), encoding="utf-8")


def _remove(folder: Path) -> None:
    import shutil

    shutil.rmtree(folder, ignore_errors=True)
