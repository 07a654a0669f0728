#!/bin/sh
# Make .venv and install what constraints.txt pins:  tools/setup.sh EXTRAS   (EXTRAS: for example "test" or "test,bench")
#
# PYTHON       the interpreter to use (default: the first of python3, python3.13, python3.12, python3.11 that will do)
# TORCH_INDEX  where to look for torch first on Linux (default: PyTorch's index of CPU builds, for PyPI's build brings
#              several GB of CUDA along; name another of their indexes for a GPU build)
set -eu
cd "$(dirname "$0")/.."
extras=$1
index=${TORCH_INDEX:-https://download.pytorch.org/whl/cpu}

will_do() {
    "$1" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1
}

if [ ! -x .venv/bin/python ]; then
    chosen=
    for candidate in ${PYTHON:-python3 python3.13 python3.12 python3.11}; do
        if will_do "$candidate"; then
            chosen=$candidate
            break
        fi
    done
    if [ -z "$chosen" ]; then
        echo "hw2gui needs Python 3.11 or newer with its venv module, and 'python3' here is $(python3 --version 2>/dev/null || echo missing)." >&2
        echo "Install it (on Debian: apt-get install python3 python3-venv), or name one: make run PYTHON=/path/to/python" >&2
        exit 1
    fi
    echo "Making .venv with $("$chosen" --version) …"
    "$chosen" -m venv .venv
fi

pip() {
    .venv/bin/python -m pip --disable-pip-version-check "$@"
}

torch=$(sed -n 's/^torch==//p' constraints.txt)
have=$(.venv/bin/python -c 'from importlib.metadata import version; print(version("torch").partition("+")[0])' 2>/dev/null || true)
if [ "$have" != "$torch" ] && [ "$(uname -s)" = Linux ]; then
    echo "Installing torch $torch (about 200 MB) …"
    if ! pip install -qq --no-deps --index-url "$index" --timeout 10 --retries 1 "torch==$torch" 2>.venv/torch.log; then
        echo "$index does not give torch $torch (see .venv/torch.log); taking the build that pip is configured for."
        pip install -qq --no-deps "torch==$torch"
    fi
fi
echo "Installing the rest (Qt, numpy, matplotlib …) …"
pip install -qq --constraint constraints.txt --editable ".[$extras]"
