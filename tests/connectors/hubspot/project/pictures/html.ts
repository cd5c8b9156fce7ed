/** The component tree of the vendor's renderer as plain HTML. It shows content and order; HubSpot's frame, fonts and
 * measures are HubSpot's own. */
import type { RenderedNode } from "@hubspot/ui-extensions/testing";

type Props = Record<string, unknown>;
type Draw = (props: Props, inside: string) => string;

const DRAW: Record<string, Draw> = {
  Accordion: ({ title }, inside) => `<details open><summary>${text(title)}</summary>${inside}</details>`,
  Alert: ({ title, variant }, inside) =>
    `<section class="alert ${text(variant)}"><strong>${text(title)}</strong>${inside}</section>`,
  Button: ({ variant }, inside) => `<button class="${text(variant)}">${inside}</button>`,
  DescriptionList: (_, inside) => `<dl>${inside}</dl>`,
  DescriptionListItem: ({ label }, inside) =>
    `<div><dt>${text(label)}</dt><dd>${inside}</dd></div>`,
  Divider: () => "<hr>",
  EmptyState: ({ title }, inside) => `<section class="empty"><h2>${text(title)}</h2>${inside}</section>`,
  ErrorState: ({ title }, inside) => `<section class="empty"><h2>${text(title)}</h2>${inside}</section>`,
  Flex: ({ direction, gap, align }, inside) =>
    `<div class="flex ${text(direction)} ${text(gap)} ${text(align)}">${inside}</div>`,
  Heading: (_, inside) => `<h2>${inside}</h2>`,
  Input: ({ label, value, description }) =>
    `<label>${text(label)}<small>${text(description)}</small><input value="${text(value)}"></label>`,
  Link: (_, inside) => `<a href="#">${inside}</a>`,
  LoadingButton: ({ variant }, inside) => `<button class="${text(variant)}">${inside}</button>`,
  LoadingSpinner: ({ label }) => `<p>◌ ${text(label)}</p>`,
  Select: ({ label, placeholder, value, options }) =>
    `<label>${text(label)} *<select><option>${text(chosen(options, value) ?? placeholder)}</select></label>`,
  StatusTag: ({ variant }, inside) => `<p class="status ${text(variant)}">${inside}</p>`,
  Table: (_, inside) => `<table>${inside}</table>`,
  TableBody: (_, inside) => `<tbody>${inside}</tbody>`,
  TableCell: (_, inside) => `<td>${inside}</td>`,
  TableHead: (_, inside) => `<thead>${inside}</thead>`,
  TableHeader: (_, inside) => `<th>${inside}</th>`,
  TableRow: (_, inside) => `<tr>${inside}</tr>`,
  Tag: ({ variant }, inside) => `<span class="tag ${text(variant)}">${inside}</span>`,
  Text: ({ variant, format }, inside) =>
    `<p class="${text(variant)} ${text((format as Props | undefined)?.["fontWeight"])}">${inside}</p>`,
};

export function html(node: RenderedNode): string {
  if (!("childNodes" in node)) return text(node.text);
  const inside = node.childNodes.map(html).join("");
  if (!("props" in node)) return inside;
  const draw = DRAW[node.name];
  if (!draw) throw new Error(`No picture of a ${node.name} yet`);
  return draw(node.props, inside);
}

function chosen(options: unknown, value: unknown): string | undefined {
  return (options as { value: unknown; label: string }[]).find((each) => each.value === value)?.label;
}

function text(value: unknown): string {
  return String(value ?? "")
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll('"', "&quot;");
}
