/** What Gensvar says of this account's connection. */
export interface SettingsDocument {
  account: string;
  state: string;
  words: string;
  last_success_at: string | null;
  backlog: number;
  parked: number;
  scopes: Scope[];
  admin_url: string;
  version: string;
}

export interface Scope {
  name: string;
  purpose: string;
  granted: boolean;
  required: boolean;
}

/** The document in what was sent, or null when that is something else. */
export function readSettings(sent: unknown): SettingsDocument | null {
  if (typeof sent !== "object" || sent === null) return null;
  const { state, scopes } = sent as Record<string, unknown>;
  return typeof state === "string" && Array.isArray(scopes) ? (sent as SettingsDocument) : null;
}
