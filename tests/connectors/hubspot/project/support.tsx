/** A contact's page in HubSpot, as the vendor's renderer gives it, with a Gensvar that answers what a test says. */
import type { SelectProps } from "@hubspot/ui-extensions";
import {
  createRenderer,
  type RenderedElementNode,
  type RenderedNode,
} from "@hubspot/ui-extensions/testing";
import { vi } from "vitest";

import { Card } from "../../../../connectors/hubspot/project/src/app/cards/Card.tsx";
import type {
  Answer,
  CardDocument,
  FollowUp,
} from "../../../../connectors/hubspot/project/src/app/cards/document.ts";
import { fields } from "../../../../connectors/hubspot/project/src/app/cards/fields.ts";

export const BASE = "https://nps.example.com";
export const NOW = new Date("2026-11-21T12:00:00Z");

type Answering = (url: URL, body: unknown) => Response | Promise<Response>;

/** What HubSpot's proxy would have sent to us, and what comes back. */
export class Gensvar {
  readonly requests: { method: string; url: URL; body: unknown }[] = [];
  private readonly answering = new Map<string, Answering>();

  constructor() {
    vi.stubGlobal("self", { hsFetch: this.fetch });
  }

  on(path: string, answering: Answering): this {
    this.answering.set(path, answering);
    return this;
  }

  sends(path: string, document: unknown): this {
    return this.on(path, () => Response.json(document));
  }

  isDown(): this {
    this.answering.clear();
    return this;
  }

  to(path: string) {
    return this.requests.filter(({ url }) => url.pathname === path);
  }

  private readonly fetch = async (to: string, options: { method?: string; body?: unknown }) => {
    const url = new URL(to);
    this.requests.push({ method: options.method ?? "GET", url, body: options.body });
    const answering = this.answering.get(url.pathname);
    if (!answering) throw new Error("Failed to fetch");
    return answering(url, options.body);
  };
}

/** A promise that a test settles when it likes. */
export function later<T>() {
  let settle!: (value: T) => void;
  const promise = new Promise<T>((resolve) => {
    settle = resolve;
  });
  return { promise, settle };
}

export type Named = Partial<Record<keyof typeof fields, string | null>>;

/** Every property of ours as HubSpot sends it: null where it is empty. */
export function properties(named: Named = {}): Record<string, string | null> {
  return Object.fromEntries(
    Object.entries(fields).map(([key, name]) => [name, named[key as keyof Named] ?? null]),
  );
}

export const ms = (time: string) => String(Date.parse(time));

/** A detractor whose follow-up is late, as it stands on the contact. */
export const DETRACTOR: Named = {
  score: "3",
  category: "detractor",
  comment: "Nobody called me back.",
  touchpoint: "Support case",
  kind: "transactional",
  answered_at: ms("2026-11-18T08:00:00Z"),
  previous_score: "7",
  last_asked_at: ms("2026-11-17T09:00:00Z"),
  next_ask_at: ms("2027-02-15T09:00:00Z"),
  ask_refusal: "answered_recently",
  follow_up: "open",
  follow_up_owner: "Ada Admin",
  follow_up_due: ms("2026-11-20T08:00:00Z"),
};

export function answer(changed: Partial<Answer> = {}): Answer {
  return {
    id: "a1",
    score: 7,
    comment: "",
    touchpoint: "Onboarding",
    kind: "transactional",
    answered_at: "2026-05-02T10:00:00Z",
    may_contact: null,
    before: null,
    ...changed,
  };
}

export const FOLLOW_UP: FollowUp = {
  id: "f1",
  state: "open",
  owner: "Ada Admin",
  due_at: "2026-11-20T08:00:00Z",
};

export function card(changed: Partial<CardDocument> = {}): CardDocument {
  return {
    answers: [],
    more: false,
    follow_ups: [],
    touchpoints: [
      { key: "support-case", name: "Support case" },
      { key: "onboarding", name: "Onboarding" },
    ],
    last_asked_at: null,
    next_ask_at: null,
    ask_refusal: null,
    ...changed,
  };
}

interface Page {
  crm?: Record<string, string | null>;
  user?: { language?: string; locale?: string };
  contact?: number;
  place?: "crm.record.sidebar" | "crm.record.tab";
}

/** Renders the card on a contact whose properties are given. */
export function open({ crm = properties(), user, contact = 51, place = "crm.record.sidebar" }: Page = {}) {
  const page = createRenderer(place);
  const { context } = page.mocks;
  context.variables = { baseUrl: BASE };
  context.portal.timezone = "Europe/Stockholm";
  context.crm.objectId = contact;
  Object.assign(context.user, user);
  page.mocks.useCrmProperties.willCall(() => ({
    properties: crm,
    error: null,
    isLoading: false,
    isRefetching: false,
    refetch: async () => {},
  }));
  page.render(<Card />);
  return { ...page, words: () => wordsOf(page.getRootNode()) };
}

/** Chooses in a select; the renderer's type asks for a function where the event carries the value. */
export function choosing(select: RenderedElementNode<SelectProps>, value: string) {
  select.trigger("onChange", value as unknown as NonNullable<SelectProps["onChange"]>);
}

/** All a reader can read below a node, titles and labels of components included, without marks of direction. */
export function wordsOf(node: RenderedNode): string {
  return pieces(node).join("\n").replace(/[\u2068\u2069]/g, "");
}

const SAID_BY_PROPS = ["title", "label", "number", "description", "validationMessage", "value"];

function pieces(node: RenderedNode): string[] {
  if ("props" in node) {
    const props: Record<string, unknown> = node.props;
    const said = SAID_BY_PROPS.map((name) => props[name]);
    return [...said.filter((each) => typeof each === "string"), ...node.childNodes.flatMap(pieces)];
  }
  return "childNodes" in node ? node.childNodes.flatMap(pieces) : [node.text];
}
