"""Make .venv ready: ``python3 bootstrap.py [extra ...]``; a second call costs milliseconds.

Runs on any Python, however old or bare, so that what is missing can be said in a sentence; hence no
modern syntax, and nothing but the standard library.
"""

import hashlib
import os
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
VENV = os.path.join(HERE, ".venv")
BIN = os.path.join(VENV, "Scripts" if os.name == "nt" else "bin")
PYTHON = os.path.join(BIN, "python")
LOWEST = (3, 11)

# PyPI's torch for Linux brings several GB of CUDA; PyTorch's own index has the CPU build. pip
# prefers it where it can be reached and goes on without where it cannot.
CPU_INDEX = ["--extra-index-url", "https://download.pytorch.org/whl/cpu", "--retries", "0"]


def main(extras):
    """Create the environment and install the project with these extras, unless that was done."""
    if sys.version_info < LOWEST:
        stop(
            "Ghostnotes needs Python %d.%d or newer; this is %s (%s). Install a newer one and say "
            "which: make run PYTHON=python3.12"
            % (LOWEST + (sys.version.split()[0], sys.executable))
        )
    stamp = os.path.join(VENV, "ghostnotes-" + fingerprint(extras))
    if os.path.exists(stamp):
        return
    if not os.path.exists(PYTHON):
        create_environment()
    say("Installing what Ghostnotes needs (once; a minute or two) ...")
    target = HERE + ("[" + ",".join(extras) + "]" if extras else "")
    command = [PYTHON, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    command += ["--constraint", os.path.join(HERE, "constraints.txt"), "--editable", target]
    if subprocess.call(command + ([] if has_nvidia() else CPU_INDEX)) != 0:
        stop("The installation did not finish; the lines above say why. Run the command again.")
    open(stamp, "w").close()


def create_environment():
    """A fresh virtual environment in .venv."""
    try:
        import ensurepip  # noqa: F401
        import venv
    except ImportError:
        stop(
            "This Python (%s) has no venv module. On Debian and Ubuntu: sudo apt install "
            "python3-venv; then run the command again." % sys.executable
        )
    say("Creating .venv ...")
    venv.create(VENV, with_pip=True, clear=os.path.exists(VENV))


def fingerprint(extras):
    """Changes when what is to be installed changes."""
    digest = hashlib.sha256(" ".join(sorted(extras)).encode())
    for name in ("pyproject.toml", "constraints.txt"):
        with open(os.path.join(HERE, name), "rb") as file:
            digest.update(file.read())
    return digest.hexdigest()[:16]


def has_nvidia():
    """Whether an NVIDIA driver is loaded, so that the CUDA build is worth its size."""
    return os.path.exists("/proc/driver/nvidia/version")


def say(sentence):
    """One line for the person who waits."""
    sys.stderr.write(sentence + "\n")


def stop(sentence):
    """End with a sentence that says what to do."""
    say(sentence)
    raise SystemExit(1)


if __name__ == "__main__":
    main(sys.argv[1:])
