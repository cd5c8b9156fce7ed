import LOCALE from "@salesforce/i18n/locale";
import TIME_ZONE from "@salesforce/i18n/timeZone";
import { reasons, texts } from "./labels";

/** The text with what stands in braces filled in. */
export function fill(text, values) {
  return Object.entries(values).reduce((said, [name, value]) => said.split("{" + name + "}").join(value), text);
}

/** A time of the platform as the user reads times; empty where there is none. */
export function when(time) {
  if (!time) {
    return "";
  }
  const form = { dateStyle: "medium", timeStyle: "short", timeZone: TIME_ZONE };
  return new Intl.DateTimeFormat(LOCALE, form).format(new Date(time));
}

/** Why somebody is not asked, in words; a reason that is not known is said as it came. */
export function because(code) {
  return reasons[code] ?? code ?? "";
}

/** What the platform said, if it said anything. */
export function told(error) {
  const output = error?.body?.output;
  const all = [...(output?.errors ?? []), ...Object.values(output?.fieldErrors ?? {}).flat()];
  const words = all.map((one) => one.message).filter(Boolean);
  return words.length ? words.join(" ") : (error?.body?.message ?? "");
}

const BADGES = {
  promoter: "slds-theme_success",
  passive: "slds-theme_warning",
  detractor: "slds-theme_error",
};

/** The category as a word on its colour. */
export function category(value) {
  return { text: texts[value] ?? "", style: `slds-badge ${BADGES[value] ?? ""}` };
}

const ARROWS = { up: "utility:arrowup", down: "utility:arrowdown", same: "utility:forward" };

/** How a score stands to the one before it of the same kind. */
export function direction(score, before) {
  if (before === null || before === undefined) {
    return { text: texts.first };
  }
  const way = score > before ? "up" : score < before ? "down" : "same";
  return { text: fill(texts[way], { before }), icon: ARROWS[way] };
}

export function outOfTen(score) {
  return fill(texts.score, { score });
}
