import { Text } from "@hubspot/ui-extensions";
import { createRenderer } from "@hubspot/ui-extensions/testing";
import { expect, test } from "vitest";

test("renders", () => {
  const { render, find } = createRenderer("crm.record.tab");
  render(<Text>hej</Text>);
  expect(find(Text).text).toBe("hej");
});
