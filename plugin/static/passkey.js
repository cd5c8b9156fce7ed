// Asks the browser for a passkey and sends its answer as an ordinary form.
const form = document.getElementById("ceremony");
const status = document.getElementById("ceremony-status");
const again = document.getElementById("ceremony-again");
const { verb, options } = form.dataset;

const bytes = (text) =>
  Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (c) => c.charCodeAt(0));
const text = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer))).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");

function publicKey() {
  const given = JSON.parse(options);
  const read = (key) => ({ ...key, id: bytes(key.id) });
  given.challenge = bytes(given.challenge);
  if (given.user) given.user.id = bytes(given.user.id);
  if (given.excludeCredentials) given.excludeCredentials = given.excludeCredentials.map(read);
  if (given.allowCredentials) given.allowCredentials = given.allowCredentials.map(read);
  return given;
}

function asJson({ id, rawId, type, response }) {
  const names = ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"];
  const parts = names.filter((name) => response[name]).map((name) => [name, text(response[name])]);
  return JSON.stringify({ id, rawId: text(rawId), type, response: Object.fromEntries(parts) });
}

const REASONS = {
  NotAllowedError: "It was cancelled or took too long.",
  InvalidStateError: "This device already has a passkey for you here.",
  SecurityError: "The browser allows passkeys only at this server's own address, over https.",
};

async function ask() {
  again.hidden = true;
  status.textContent = "Waiting for the browser …";
  try {
    const answer = await navigator.credentials[verb]({ publicKey: publicKey() });
    form.elements.answer.value = asJson(answer);
    status.textContent = "Thank you, one moment …";
    form.submit();
  } catch (error) {
    status.textContent = REASONS[error.name] ?? "This browser cannot use a passkey here.";
    again.hidden = false;
  }
}

again.addEventListener("click", ask);
ask();
