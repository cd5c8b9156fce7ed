const STEERS_DIRECTION = /[\u202a-\u202e\u2066-\u2069]/g;
const SHORT = 280;

/** Somebody else's text, kept from turning the direction of ours: isolated, and without signs that would break out. */
export function quoted(text: string): string {
  return `\u2068${text.replace(STEERS_DIRECTION, "")}\u2069`;
}

/** The beginning of a long text, cut between two words, or null when the text is short. */
export function beginning(text: string): string | null {
  if (text.length <= SHORT) return null;
  const cut = text.slice(0, SHORT);
  const space = cut.search(/\s\S*$/);
  return `${whole(space > SHORT / 2 ? cut.slice(0, space) : cut)}…`;
}

/** Without half of a character at the end. */
function whole(text: string): string {
  return /[\ud800-\udbff]$/.test(text) ? text.slice(0, -1) : text;
}

export function lines(text: string): string[] {
  return text.split(/\r?\n/).filter((line) => line.trim() !== "");
}
