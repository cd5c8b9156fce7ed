import { useCallback, useEffect, useRef, useState } from "react";

import { ask, Refused } from "./server.ts";

export type Reading<T> =
  | { name: "loading" }
  | { name: "reached"; document: T }
  | { name: "unreachable" }
  | { name: "refused" };

const LOADING = { name: "loading" } as const;

/** What our server says at `url`, and a way to ask again. `read` makes a document of what was sent, or null when it
 * is none. An answer that comes after a newer question is ignored; a document that could not be renewed is kept. */
export function useReading<T>(
  url: string,
  read: (sent: unknown) => T | null,
): [Reading<T>, () => void] {
  const [held, hold] = useState<{ of: string; reading: Reading<T> }>({ of: url, reading: LOADING });
  const newest = useRef(0);
  const reading = held.of === url ? held.reading : LOADING;

  const load = useCallback(async () => {
    const mine = ++newest.current;
    const found = await readingOf(url, read);
    if (mine !== newest.current) return;
    hold((now) => (isBetter(now.of === url ? now.reading : LOADING, found) ? now : { of: url, reading: found }));
  }, [url, read]);

  const again = useCallback(() => {
    hold((now) => (now.reading.name === "reached" ? now : { of: url, reading: LOADING }));
    void load();
  }, [url, load]);

  useEffect(() => {
    void load();
    return () => {
      newest.current += 1;
    };
  }, [load]);

  return [reading, again];
}

function isBetter<T>(now: Reading<T>, found: Reading<T>): boolean {
  return now.name === "reached" && found.name !== "reached";
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
