"""Fetching a model from the Hugging Face Hub, only when somebody asks: first what, then the files.

Safetensors, configuration and tokenizer are fetched, nothing that could run. They go into the
cache that transformers reads, so afterwards ``hf:ID`` finds the model without a network.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path
from typing import Final

from music.errors import ModelError

HUB: Final = "https://huggingface.co"
TIMEOUT_S: Final = 10.0
WANTED: Final = ("*.safetensors", "*.json", "*.txt", "*.jinja", "tokenizer.model")  # at the top
_ID: Final = re.compile(r"[\w][\w.-]*(/[\w][\w.-]*)?")

Progress = Callable[[float, str], None]


@dataclass(frozen=True)
class Offer:
    """What would be fetched.

    Parameters
    ----------
    model
        Its id on the Hub: ``"openai-community/gpt2"``.
    revision
        The commit whose files these are.
    files
        Name -> bytes.
    licence
        As the model's page says; "" = it does not.
    source
        The address they come from.
    """

    model: str
    revision: str
    files: dict[str, int]
    licence: str
    source: str

    @property
    def n_bytes(self) -> int:
        """All of it."""
        return sum(self.files.values())

    def __str__(self) -> str:
        licence = f"licence {self.licence}" if self.licence else "no licence stated"
        size = f"{self.n_bytes / 1e6:,.0f} MB in {len(self.files)} files"
        return f"{self.model}, {size}, from {self.source} ({licence})."


def is_here(model: str, cache: Path | None = None) -> bool:
    """Whether a model is a folder on this machine, or was fetched before."""
    if Path(model).expanduser().is_dir():
        return True
    if not _ID.fullmatch(model):
        return False
    from huggingface_hub import try_to_load_from_cache

    return isinstance(try_to_load_from_cache(model, "config.json", cache_dir=cache), str)


def offer(model: str, hub: str = HUB) -> Offer:
    """Ask the Hub what a model consists of; nothing else is sent, and nothing fetched.

    Raises
    ------
    ModelError
        If there is no network, no such model, or it has no safetensors.
    """
    if not _ID.fullmatch(model):
        raise ModelError(f"{model[:80]!r} is no id of a model on the Hub.")
    from huggingface_hub import HfApi

    try:
        found = HfApi(endpoint=hub).model_info(model, files_metadata=True, timeout=TIMEOUT_S)
    except _faults() as error:
        raise ModelError(_why(model, hub, error)) from error
    files = {
        part.rfilename: int(part.size or 0)
        for part in found.siblings or ()
        if "/" not in part.rfilename and any(fnmatch(part.rfilename, w) for w in WANTED)
    }
    if not any(name.endswith(".safetensors") for name in files):
        raise ModelError(f"{model} has no *.safetensors, and other formats are not loaded.")
    licence = "" if found.card_data is None else str(found.card_data.get("license") or "")
    return Offer(model, str(found.sha), files, licence, f"{hub}/{model}")


def fetch(
    wanted: Offer,
    progress: Progress = lambda share, text: None,
    hub: str = HUB,
    cache: Path | None = None,
) -> None:
    """Fetch what was offered, the small files first; what is there already is not fetched again.

    Raises
    ------
    ModelError
        If the network or the Hub fails in between; the next call goes on.
    """
    from huggingface_hub import hf_hub_download

    done = 0
    for name, n_bytes in sorted(wanted.files.items(), key=lambda pair: pair[1]):
        progress(done / max(wanted.n_bytes, 1), f"{name}, {n_bytes / 1e6:,.1f} MB")
        try:
            hf_hub_download(
                wanted.model, name, revision=wanted.revision, endpoint=hub, cache_dir=cache,
                etag_timeout=TIMEOUT_S,
            )  # fmt: skip
        except _faults() as error:
            raise ModelError(_why(wanted.model, hub, error)) from error
        done += n_bytes
    _name_main(wanted, cache)
    progress(1.0, "")


def _name_main(wanted: Offer, cache: Path | None) -> None:
    """Let the fetched commit be what the id means offline, as fetching by branch would have."""
    from huggingface_hub import constants

    folder = Path(cache or constants.HF_HUB_CACHE) / f"models--{wanted.model.replace('/', '--')}"
    (folder / "refs").mkdir(parents=True, exist_ok=True)
    (folder / "refs" / "main").write_text(wanted.revision, "utf-8")


def _faults() -> tuple[type[Exception], ...]:
    """What goes wrong between here and the Hub; its client's own errors, whichever client it is."""
    from huggingface_hub.errors import HfHubHTTPError

    return (OSError, ValueError, *HfHubHTTPError.__bases__)


def _why(model: str, hub: str, error: Exception) -> str:
    from huggingface_hub.errors import GatedRepoError, HfHubHTTPError, RepositoryNotFoundError

    if isinstance(error, GatedRepoError):
        return f"{model} wants a licence accepted at {hub}/{model} first, and `hf auth login`."
    if isinstance(error, RepositoryNotFoundError):
        return f"there is no public model {model!r} at {hub}."
    if isinstance(error, HfHubHTTPError):
        return f"{hub} answered with an error: {str(error).splitlines()[0][:160]}"
    return (
        f"{hub} cannot be reached from here ({type(error).__name__}). Without a network, give the "
        "folder of a model you have: hf:FOLDER. The built-in writers need nothing."
    )
