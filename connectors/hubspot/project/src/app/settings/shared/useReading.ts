import { useCallback, useEffect, useRef, useState } from "react";

import { ask, Refused } from "./server.ts";

export type Reading<T> =
  | { name: "loading" }
  | { name: "reached"; document: T }
  | { name: "unreachable" }
  | { name: "refused" };

/** What our server says at `url`, and a way to ask again. `read` makes a document of what was sent, or null when it
 * is none. An answer that comes after a newer question is ignored; a document that could not be renewed is kept. */
export function useReading<T>(
  url: string,
  read: (sent: unknown) => T | null,
): [Reading<T>, () => void] {
  const [reading, setReading] = useState<Reading<T>>({ name: "loading" });
  const newest = useRef(0);

  const load = useCallback(async () => {
    const mine = ++newest.current;
    const found = await readingOf(url, read);
    if (mine !== newest.current) return;
    setReading((now) => (now.name === "reached" && found.name !== "reached" ? now : found));
  }, [url, read]);

  const again = useCallback(() => {
    setReading((now) => (now.name === "reached" ? now : { name: "loading" }));
    void load();
  }, [load]);

  useEffect(() => {
    setReading({ name: "loading" });
    void load();
    return () => {
      newest.current += 1;
    };
  }, [load]);

  return [reading, again];
}

async function readingOf<T>(url: string, read: (sent: unknown) => T | null): Promise<Reading<T>> {
  try {
    const document = read(await ask(url));
    return document === null ? { name: "unreachable" } : { name: "reached", document };
  } catch (error) {
    const refused = error instanceof Refused && error.status < 500 && error.status !== 429;
    return { name: refused ? "refused" : "unreachable" };
  }
}
