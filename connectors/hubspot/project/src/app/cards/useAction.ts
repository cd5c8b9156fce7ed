import { useCallback, useEffect, useRef, useState } from "react";

export type Doing<T> =
  | { name: "ready" }
  | { name: "under_way" }
  | { name: "failed" }
  | { name: "done"; result: T };

/** Something a rep starts with a click. A second click while it runs, or after it is done, starts nothing. */
export function useAction<T>(act: () => Promise<T>): [Doing<T>, () => void, () => void] {
  const [doing, setDoing] = useState<Doing<T>>({ name: "ready" });
  const taken = useRef(false);
  const newest = useRef(0);

  const start = useCallback(() => {
    if (taken.current) return;
    taken.current = true;
    const mine = ++newest.current;
    const settle = (next: Doing<T>) => {
      if (mine !== newest.current) return;
      taken.current = next.name === "done";
      setDoing(next);
    };
    setDoing({ name: "under_way" });
    act().then(
      (result) => settle({ name: "done", result }),
      () => settle({ name: "failed" }),
    );
  }, [act]);

  const forget = useCallback(() => {
    newest.current += 1;
    taken.current = false;
    setDoing({ name: "ready" });
  }, []);

  useEffect(
    () => () => {
      newest.current += 1;
    },
    [],
  );

  return [doing, start, forget];
}
