"""Find the system libraries that Qt needs and this Linux lacks; name them, and install them where that is ours to do.

Run with the environment's Python, after PySide6 is installed. As root on Debian or Ubuntu the packages are installed.
Exit code 1 when something is missing without which nothing works (or, on a machine with a display, no window opens).
Elsewhere than on Linux, PySide6 brings all it needs.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path

ALWAYS = ("lib/libQt6Widgets.so.6", "lib/libQt6Svg.so.6", "plugins/platforms/libqoffscreen.so")
FOR_A_WINDOW = ("plugins/platforms/libqxcb.so", "plugins/platforms/libqwayland.so")

DEBIAN_PACKAGES = {
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libGLX.so.0": "libglx0",
    "libOpenGL.so.0": "libopengl0",
    "libX11-xcb.so.1": "libx11-xcb1",
    "libX11.so.6": "libx11-6",
    "libdbus-1.so.3": "libdbus-1-3",
    "libfontconfig.so.1": "libfontconfig1",
    "libfreetype.so.6": "libfreetype6",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libgssapi_krb5.so.2": "libgssapi-krb5-2",
    "libgthread-2.0.so.0": "libglib2.0-0",
    "libwayland-client.so.0": "libwayland-client0",
    "libwayland-cursor.so.0": "libwayland-cursor0",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-randr.so.0": "libxcb-randr0",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-render.so.0": "libxcb-render0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-shm.so.0": "libxcb-shm0",
    "libxcb-sync.so.1": "libxcb-sync1",
    "libxcb-util.so.1": "libxcb-util1",
    "libxcb-xfixes.so.0": "libxcb-xfixes0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
    "libxcb.so.1": "libxcb1",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libzstd.so.1": "libzstd1",
    "a font": "fonts-dejavu-core",
}

FONT_FOLDERS = ("/usr/share/fonts", "/usr/local/share/fonts", "~/.local/share/fonts", "~/.fonts")


def missing_libraries(qt: Path, parts: tuple[str, ...]) -> set[str]:
    """Names of the shared libraries that *parts* of Qt ask for, directly or not, and the loader does not find."""
    missing = set()
    for part in parts:
        if (qt / part).exists():
            told = subprocess.run(["ldd", str(qt / part)], capture_output=True, text=True, check=False).stdout
            missing |= {line.split()[0] for line in told.splitlines() if "not found" in line}
    return missing


def has_a_font() -> bool:
    """Whether there is any font; without one Qt draws no text at all."""
    return any(
        path.suffix in {".ttf", ".otf", ".ttc", ".pfb"} for folder in FONT_FOLDERS for path in Path(folder).expanduser().rglob("*.*")
    )


def install(packages: list[str]) -> bool:
    """Install Debian *packages*; False where that cannot be done here."""
    if not (shutil.which("apt-get") and os.geteuid() == 0):
        return False
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    print(f"Installing {' '.join(packages)} …", flush=True)
    commands = (["apt-get", "-qq", "update"], ["apt-get", "-qq", "install", "-y", "--no-install-recommends", *packages])
    for command in commands:
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            print(done.stderr.strip(), file=sys.stderr)
            return False
    return True


def main() -> int:
    """Check, install or name what is missing."""
    if sys.platform != "linux":
        return 0
    found = importlib.util.find_spec("PySide6")
    if found is None or not found.submodule_search_locations:
        print("PySide6 is not installed here.", file=sys.stderr)
        return 1
    qt = Path(found.submodule_search_locations[0]) / "Qt"
    always = missing_libraries(qt, ALWAYS) | (set() if has_a_font() else {"a font"})
    window = missing_libraries(qt, FOR_A_WINDOW)
    missing = sorted(always | window)
    packages = sorted({DEBIAN_PACKAGES[name] for name in missing if name in DEBIAN_PACKAGES})
    if not missing or (packages and install(packages) and len(packages) >= len(missing)):
        return 0
    print(f"Qt needs what this system lacks: {', '.join(missing)}.", file=sys.stderr)
    if packages:
        print(f"On Debian or Ubuntu: sudo apt-get install {' '.join(packages)}", file=sys.stderr)
    has_display = bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
    return 1 if always or has_display else 0


if __name__ == "__main__":
    raise SystemExit(main())
