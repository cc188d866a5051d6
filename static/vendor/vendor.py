"""Prepare the vendored files of this folder from unpacked npm packages.

    npm pack bootstrap@5.3.9 bootstrap-icons@1.13.2 @fontsource-variable/public-sans@5.3.0
    (unpack each into DIR/bootstrap, DIR/bootstrap-icons, DIR/public-sans)
    python static/vendor/vendor.py DIR

What is changed on the way, and why:
- Bootstrap's CSS embeds its form icons as data: URLs. The content security policy refuses those, so each becomes
  a file in bootstrap/img and the CSS points there.
- Source map comments go: the maps are not shipped, and hashed static storage fails on a reference to a missing file.
- Of the 2,000 icons only those named in bootstrap-icons/names.txt are kept, as symbols of one sprite.
"""

import hashlib
import re
import shutil
import sys
from pathlib import Path
from urllib.parse import unquote

HERE = Path(__file__).resolve().parent
DATA_URL = re.compile(r'url\("data:image/svg\+xml,([^"]+)"\)')
SOURCE_MAP = re.compile(r"(/\*|//)# sourceMappingURL=\S+( \*/)?")
LEAD = '<svg xmlns="http://www.w3.org/2000/svg">'


def bootstrap(package: Path) -> None:
    images = HERE / "bootstrap" / "img"
    images.mkdir(parents=True, exist_ok=True)
    seen: dict[str, str] = {}

    def to_file(match: re.Match[str]) -> str:
        svg = unquote(match.group(1))
        name = seen.setdefault(svg, f"glyph-{len(seen) + 1:02}.svg")
        (images / name).write_text(svg + "\n")
        return f'url("img/{name}")'

    css = (package / "dist/css/bootstrap.min.css").read_text()
    css = SOURCE_MAP.sub("", DATA_URL.sub(to_file, css))
    if "data:" in css:
        raise SystemExit("a data: URL is left in bootstrap.min.css: extend DATA_URL")
    (HERE / "bootstrap/bootstrap.min.css").write_text(css)
    script = (package / "dist/js/bootstrap.bundle.min.js").read_text()
    (HERE / "bootstrap/bootstrap.bundle.min.js").write_text(SOURCE_MAP.sub("", script))
    shutil.copy(package / "LICENSE", HERE / "bootstrap/LICENSE")


def icons(package: Path) -> None:
    symbols = []
    for name in sorted(set((HERE / "bootstrap-icons/names.txt").read_text().split())):
        source = (package / "icons" / f"{name}.svg").read_text()
        inner = re.sub(r">\s+<", "><", re.search(r"<svg[^>]*>(.*)</svg>", source, re.DOTALL).group(1).strip())
        symbols.append(f'<symbol id="{name}" viewBox="0 0 16 16">{inner}</symbol>')
    (HERE / "bootstrap-icons/sprite.svg").write_text("\n".join([LEAD, *symbols, "</svg>", ""]))
    shutil.copy(package / "LICENSE", HERE / "bootstrap-icons/LICENSE")


def font(package: Path) -> None:
    target = HERE / "public-sans"
    target.mkdir(exist_ok=True)
    for subset in ("latin", "latin-ext"):
        shutil.copy(package / f"files/public-sans-{subset}-wght-normal.woff2", target)
    shutil.copy(package / "LICENSE", target / "LICENSE")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        raise SystemExit("usage: python static/vendor/vendor.py DIR")
    packages = Path(sys.argv[1])
    bootstrap(packages / "bootstrap")
    icons(packages / "bootstrap-icons")
    font(packages / "public-sans")
    for path in sorted(p for p in HERE.rglob("*") if p.suffix in {".css", ".js", ".woff2"} or p.name == "sprite.svg"):
        print(hashlib.sha256(path.read_bytes()).hexdigest(), path.relative_to(HERE))
