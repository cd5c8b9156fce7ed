import { hubspot } from "@hubspot/ui-extensions";

/** HubSpot's own limit is 15 seconds; who waits longer than this has looked elsewhere. */
const PATIENCE_MS = 8_000;

/** Gensvar answered, and the answer was no. */
export class Refused extends Error {
  constructor(readonly status: number) {
    super(`Gensvar answered ${status}`);
  }
}

/** Asks our server, through HubSpot, which signs the request. Raises `Refused`, or whatever the network says. */
export async function ask(url: string, body?: Record<string, unknown>): Promise<unknown> {
  const options = body ? { method: "POST" as const, body } : { method: "GET" as const };
  const response = await hubspot.fetch(url, { ...options, timeout: PATIENCE_MS });
  if (!response.ok) throw new Refused(response.status);
  return response.json();
}
