// The panel for a rep who reads Swedish.
import { speaking, write } from "./page";

const { press, shown } = speaking("sv", "sv-SE");

test("marking a follow-up handled", async () => {
  const panel = await shown();
  await press(panel, ".open-handle");
  write("panel-handling", panel);
});
