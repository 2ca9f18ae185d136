// Builds assets/ and the templates' class names into src/threadly/web/static: `npm run build`, or with a folder to build into.
//
// The same sources give the same bytes. Every file is named by its content; manifest.json says which is which, and
// carries a digest of the sources, by which tests/web/test_assets.py finds a stale build without npm.

import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, extname, join, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const target = process.argv[2] ?? join(root, "src/threadly/web/static");
const modules = join(root, "node_modules");
const built = {};

rmSync(target, { recursive: true, force: true });
mkdirSync(target, { recursive: true });

const fonts = {
  "spectral-latin.woff2": "@fontsource/spectral/files/spectral-latin-500-normal.woff2",
  "spectral-latin-ext.woff2": "@fontsource/spectral/files/spectral-latin-ext-500-normal.woff2",
  "spectral-cyrillic.woff2": "@fontsource/spectral/files/spectral-cyrillic-500-normal.woff2",
  "onest-latin.woff2": "@fontsource-variable/onest/files/onest-latin-wght-normal.woff2",
  "onest-latin-ext.woff2": "@fontsource-variable/onest/files/onest-latin-ext-wght-normal.woff2",
  "onest-cyrillic.woff2": "@fontsource-variable/onest/files/onest-cyrillic-wght-normal.woff2",
};
for (const [name, path] of Object.entries(fonts)) write(name, readFileSync(join(modules, path)));
for (const name of ["favicon.svg", "wordmark.svg"]) write(name, read("assets", name));
write("icons.svg", sprite());
write("site.css", styles());
write("site.js", scripts());
write("sell.js", read("assets/sell.js"));
write("licences.txt", licences());

const manifest = { files: Object.fromEntries(Object.entries(built).sort()), sources: digestOfSources() };
writeFileSync(join(target, "manifest.json"), JSON.stringify(manifest, null, 2) + "\n");
for (const [name, file] of Object.entries(manifest.files))
  console.log(`${String(readFileSync(join(target, file)).length).padStart(8)}  ${name} → ${file}`);

function read(...path) {
  return readFileSync(join(root, ...path), "utf8");
}

function write(name, content) {
  const digest = createHash("sha256").update(content).digest("hex").slice(0, 16);
  const extension = extname(name);
  built[name] = `${basename(name, extension)}-${digest}${extension}`;
  writeFileSync(join(target, built[name]), content);
}

// Tailwind runs in its own process; the addresses of fonts are put in afterwards.
function styles() {
  const folder = mkdtempSync(join(tmpdir(), "threadly-assets-"));
  try {
    const output = join(folder, "site.css");
    const cli = join(modules, "@tailwindcss/cli/dist/index.mjs");
    execFileSync(process.execPath, [cli, "--minify", "--input", join(root, "assets/site.css"), "--output", output], {
      cwd: root,
      stdio: ["ignore", "ignore", "inherit"],
    });
    return readFileSync(output, "utf8").replaceAll(/\/static\/([a-z-]+\.woff2)/g, (_, name) => {
      if (!(name in built)) throw new Error(`site.css names ${name}, which is not built`);
      return `/static/${built[name]}`;
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

// htmx, and then ours, but for what one page alone needs.
function scripts() {
  const ours = readdirSync(join(root, "assets")).filter((file) => file.endsWith(".js") && file !== "sell.js");
  return [readFileSync(join(modules, "htmx.org/dist/htmx.min.js"), "utf8"), ...ours.sort().map((file) => read("assets", file))].join("\n");
}

// One hidden drawing with a symbol for each icon; pages carry it, so that icons take the colour of their text.
function sprite() {
  const symbols = readdirSync(join(root, "assets/icons"))
    .sort()
    .map((file) => {
      const inner = read("assets/icons", file).trim().replace(/^<svg[^>]*>/, "").replace(/<\/svg>$/, "");
      return `<symbol id="i-${basename(file, ".svg")}" viewBox="0 0 24 24">${inner}</symbol>`;
    });
  return `<svg xmlns="http://www.w3.org/2000/svg" class="sprite" width="0" height="0" aria-hidden="true">${symbols.join("")}</svg>`;
}

function licences() {
  const parts = { htmx: "htmx.org", daisyUI: "daisyui", "Tailwind CSS": "tailwindcss", Spectral: "@fontsource/spectral", Onest: "@fontsource-variable/onest" };
  return Object.entries(parts)
    .map(([name, path]) => `${name}\n${"=".repeat(name.length)}\n\n${readFileSync(join(modules, path, "LICENSE"), "utf8").trim()}\n`)
    .join("\n\n");
}

// The same computation is in tests/web/test_assets.py.
function digestOfSources() {
  const files = ["package.json", "package-lock.json"];
  for (const folder of ["assets", "src/threadly/web/templates"])
    for (const entry of readdirSync(join(root, folder), { recursive: true, withFileTypes: true }))
      if (entry.isFile()) files.push(relative(root, join(entry.parentPath ?? entry.path, entry.name)).split(sep).join("/"));
  const digest = createHash("sha256");
  for (const file of files.sort())
    digest.update(`${file}\0${createHash("sha256").update(readFileSync(join(root, file))).digest("hex")}\n`);
  return digest.digest("hex");
}
