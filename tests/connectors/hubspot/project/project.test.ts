/** The project as HubSpot's own library reads it, without the network: its schemas are not public, so the shapes that
 * its documentation promises are asked for here. */
import { globSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

import { getProjectMetadata, parseProjectConfig } from "@hubspot/project-parsing-lib/projects";
import { translate } from "@hubspot/project-parsing-lib/translate";
import { validateUid } from "@hubspot/project-parsing-lib/uid";
import { beforeAll, expect, test } from "vitest";

const PROJECT = fileURLToPath(new URL("../../../../connectors/hubspot/project", import.meta.url));
const SOURCE = `${PROJECT}/src`;
const BASE = "https://nps.example.com";

interface Part {
  componentType: string;
  componentDeps: Record<string, unknown>;
  config: Record<string, unknown>;
}

let parts: Record<string, Part>;

beforeAll(async () => {
  const context = { projectSourceDir: SOURCE, platformVersion: "2026.03", accountId: 1 };
  const { intermediateRepresentation, skippedHsMetaFiles } = await translate(context, {
    skipValidation: true,
    profile: "gensvar",
  });
  expect(skippedHsMetaFiles).toEqual([]);
  parts = intermediateRepresentation.intermediateNodesIndexedByUid as unknown as typeof parts;
});

test("the project is one that the command line takes", () => {
  expect(parseProjectConfig(PROJECT)).toEqual({
    name: "gensvar-nps",
    srcDir: "src",
    platformVersion: "2026.03",
  });
});

test("one app with two cards, a settings page, webhooks and a workflow action", async () => {
  const { components, hsMetaFiles } = await getProjectMetadata(SOURCE);
  const counts = Object.entries(components).map(([kind, { count }]) => [kind, count] as const);

  expect(hsMetaFiles).toHaveLength(6);
  expect(Object.fromEntries(counts.filter(([, count]) => count > 0))).toEqual({
    app: 1,
    card: 2,
    settings: 1,
    webhooks: 1,
    "workflow-action": 1,
  });
});

test("every part has a name HubSpot accepts, and belongs to the app", () => {
  for (const [uid, part] of Object.entries(parts)) {
    expect(validateUid(uid), uid).toBeFalsy();
    if (part.componentType !== "APPLICATION") {
      expect(JSON.stringify(part.componentDeps), uid).toContain("gensvar_app");
    }
  }
});

test("the address of this installation stands everywhere, and nothing is left to fill in", () => {
  expect(JSON.stringify(parts)).not.toContain("${");
  expect(parts["gensvar_app"]?.config).toMatchObject({
    auth: { type: "oauth", redirectUrls: [`${BASE}/oauth/hubspot/callback`] },
    permittedUrls: { fetch: [BASE], iframe: [], img: [] },
  });
  expect(parts["gensvar_app_webhooks"]?.config).toMatchObject({
    settings: { targetUrl: `${BASE}/hubspot/webhooks` },
  });
  expect(parts["gensvar_app_ask"]?.config).toMatchObject({
    actionUrl: `${BASE}/hubspot/actions/ask`,
  });
});

test("what HubSpot tells us of contacts, in the format for each", () => {
  expect(parts["gensvar_app_webhooks"]?.config["subscriptions"]).toEqual({
    crmObjects: [
      { subscriptionType: "object.merge", objectType: "contact", active: true },
      { subscriptionType: "object.deletion", objectType: "contact", active: true },
      { subscriptionType: "object.restore", objectType: "contact", active: true },
      {
        subscriptionType: "object.propertyChange",
        objectType: "contact",
        propertyName: "email",
        active: true,
      },
    ],
    legacyCrmObjects: [],
    hubEvents: [{ subscriptionType: "contact.privacyDeletion", active: true }],
  });
});

test.each(["sidebar", "tab"])("the card in the %s is on contacts, and its file is there", (place) => {
  const config = parts[`gensvar_app_${place}`]?.config;

  expect(config).toMatchObject({ location: `crm.record.${place}`, objectTypes: ["contacts"] });
  expect(readFileSync(`${SOURCE}${String(config?.["entrypoint"])}`, "utf8")).toContain(
    "hubspot.extend<",
  );
});

test("every input and output of the workflow action is labelled", () => {
  const { inputFields, outputFields, labels } = parts["gensvar_app_ask"]?.config as {
    inputFields: { typeDefinition: { name: string } }[];
    outputFields: { typeDefinition: { name: string } }[];
    labels: { en: Record<string, Record<string, string>> };
  };
  const names = (fields: typeof inputFields) => fields.map((each) => each.typeDefinition.name);

  expect(Object.keys(labels.en["inputFieldLabels"] ?? {})).toEqual(names(inputFields));
  expect(Object.keys(labels.en["inputFieldDescriptions"] ?? {})).toEqual(names(inputFields));
  expect(Object.keys(labels.en["outputFieldLabels"] ?? {})).toEqual(names(outputFields));
  expect(names(outputFields)).toEqual(["gensvar_ask_id", "gensvar_link", "gensvar_reason"]);
});

test.each(["cards", "settings"])("%s imports nothing from outside its folder", (folder) => {
  const root = `${SOURCE}/app/${folder}`;
  for (const path of globSync("**/*.{ts,tsx}", { cwd: root })) {
    const text = readFileSync(`${root}/${path}`, "utf8");
    const ups = [...text.matchAll(/from "((?:\.\.\/)*)/g)].map(([, up = ""]) => up.length / 3);
    expect(Math.max(0, ...ups), path).toBeLessThan(path.split("/").length);
  }
});
