import { createContext, useContext } from "react";

import { ask } from "./shared/server.ts";

interface Server {
  base: string;
  contact: string;
  again: () => void;
}

const ServerContext = createContext<Server>({ base: "", contact: "", again: () => {} });
export const ServerProvider = ServerContext.Provider;

/** Our server, for the contact on this page: `post` sends an action, `again` reads what it says now. */
export function useServer() {
  const { base, contact, again } = useContext(ServerContext);
  return {
    again,
    post: <T>(path: string, body: Record<string, string>): Promise<T> =>
      ask(`${base}/hubspot/card/${path}`, { contact, ...body }) as Promise<T>,
  };
}
