// The vendor's own tools take the package: its compiler the panel, its library the whole of it, into a zip and back.
import assert from "node:assert/strict";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";

const PACKAGE = join(import.meta.dirname, "../../../../connectors/salesforce/package");
const PANEL = join(PACKAGE, "lwc/gensvarPanel");
const require = createRequire(join(PACKAGE, "../package.json"));
const { transformSync } = require("@lwc/compiler");
const { ComponentSet, MetadataConverter, ZipTreeContainer } = require("@salesforce/source-deploy-retrieve");

const made = mkdtempSync(join(tmpdir(), "gensvar-package-"));
after(() => rmSync(made, { recursive: true }));

const compile = (name, text) => transformSync(text, name, { name: "gensvarPanel", namespace: "c" });
const members = (xml) => [...xml.matchAll(/<members>(.*?)<\/members>|<name>(.*?)<\/name>/g)].map((found) => found[1] ?? `= ${found[2]}`).sort();

const only = (these, those) => members(these).filter((member) => !members(those).includes(member));

test("the vendor's compiler takes every file of the panel without a warning", () => {
  for (const name of readdirSync(PANEL).filter((file) => !file.endsWith(".xml"))) {
    const { code, warnings } = compile(name, readFileSync(join(PANEL, name), "utf8"));
    assert.ok(code.length > 0, name);
    assert.deepEqual(warnings ?? [], [], name);
  }
});

test("and refuses broken ones", () => {
  assert.throws(() => compile("gensvarPanel.html", "<template><p>{a.b()}</p></template>"));
  assert.throws(() => compile("gensvarPanel.js", "export default class {"));
});

test("the vendor's library makes source of it, and of that a zip with the same members", async () => {
  // It wants a project around what it writes.
  cpSync(join(PACKAGE, "../sfdx-project.json"), join(made, "sfdx-project.json"));
  mkdirSync(join(made, "package"));
  const converter = new MetadataConverter();
  const source = await converter.convert(ComponentSet.fromSource(PACKAGE), "source", {
    type: "directory",
    outputDirectory: join(made, "package"),
    genUniqueDir: false,
  });
  const again = ComponentSet.fromSource(source.packagePath);
  again.sourceApiVersion = "66.0";
  const { zipBuffer } = await converter.convert(again, "metadata", { type: "zip" });
  const zip = await ZipTreeContainer.create(zipBuffer);
  const theirs = (await zip.readFile("package.xml")).toString();
  const ours = readFileSync(join(PACKAGE, "package.xml"), "utf8");
  // It names the file of all labels beside each label.
  assert.deepEqual(only(theirs, ours), ["= CustomLabels", "CustomLabels"]);
  assert.deepEqual(only(ours, theirs), []);
  assert.deepEqual(zip.readDirectory("lwc/gensvarPanel").sort(), readdirSync(PANEL).sort());
});
