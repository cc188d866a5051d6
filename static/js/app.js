// The few behaviors that HTML lacks. Every page works without them; htmx event names stand only in this file.

const $ = (selector, root = document) => root.querySelector(selector);
const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];

/** Says something to assistive technology without moving the focus (4.1.3). */
export function announce(text) {
  const region = $("#status");
  if (region) region.textContent = text;
}

// --- theme -------------------------------------------------------------------------------------------------
function showTheme() {
  const chosen = window.sleevewiseTheme.choice();
  for (const button of $$("[data-theme-choice]")) {
    button.setAttribute("aria-pressed", String(button.dataset.themeChoice === chosen));
  }
}

// --- menus and the narrow navigation -------------------------------------------------------------------------
function closeMenus(except = null, refocus = false) {
  for (const menu of $$("details.menu[open]")) {
    if (menu === except) continue;
    menu.open = false;
    if (refocus) $("summary", menu).focus();
  }
}

document.addEventListener("click", (event) => {
  closeMenus(event.target.closest("details.menu"));
  const theme = event.target.closest("[data-theme-choice]");
  if (theme) {
    window.sleevewiseTheme.choose(theme.dataset.themeChoice);
    showTheme();
  }
  const toggle = event.target.closest("[data-nav-toggle]");
  if (toggle) {
    const open = $("#mainnav").classList.toggle("open");
    toggle.setAttribute("aria-expanded", String(open));
  }
  const copy = event.target.closest("[data-copy], [data-copy-from]");
  if (copy) copyText(copy);
  const link = event.target.closest("[data-error-summary] a");
  if (link) focusField(event, link);
});
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") closeMenus(null, true);
});

// --- copy ----------------------------------------------------------------------------------------------------
async function copyText(button) {
  const source = button.dataset.copyFrom && $(button.dataset.copyFrom);
  try {
    await navigator.clipboard.writeText(source ? source.textContent.trim() : button.dataset.copy);
    announce("Copied");
    const label = $("[data-copy-label]", button) || button;
    const before = label.textContent;
    label.textContent = "Copied";
    setTimeout(() => { label.textContent = before; }, 1600);
  } catch (refused) {
    announce("Copying is not allowed here");
  }
}

// --- error summary ---------------------------------------------------------------------------------------------
function focusField(event, link) {
  const target = document.getElementById(link.hash.slice(1));
  if (!target) return;
  event.preventDefault();
  (target.closest(".field") || target).scrollIntoView({ block: "start" });
  target.focus({ preventScroll: true });
}
function focusSummary(root) {
  const summary = root.matches?.("[data-error-summary]") ? root : $("[data-error-summary]", root);
  if (summary) summary.focus();
}

// --- asking before something that cannot be undone ---------------------------------------------------------------
// The button that goes on looks like the one that was pressed where that is the page's main one, else like a warning.
function ask(question, { detail = "", action = "Continue", button = null } = {}) {
  const dialog = $("#confirm");
  $("#confirm-title", dialog).textContent = question;
  $("#confirm-detail", dialog).textContent = detail;
  $("#confirm-action", dialog).textContent = action;
  const main = Boolean(button?.classList.contains("btn-primary"));
  $("#confirm-action", dialog).classList.toggle("btn-primary", main);
  $("#confirm-action", dialog).classList.toggle("btn-danger", !main);
  dialog.returnValue = "";
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => resolve(dialog.returnValue === "confirm"), { once: true });
  });
}
document.addEventListener("submit", async (event) => {
  const button = event.submitter;
  const holder = button?.dataset.confirm ? button : event.target;
  if (!holder.dataset?.confirm || event.target.dataset.confirmed) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  const { confirm, confirmDetail, confirmAction } = holder.dataset;
  if (await ask(confirm, { detail: confirmDetail, action: confirmAction, button })) {
    event.target.dataset.confirmed = "yes";
    event.target.requestSubmit(button);
    delete event.target.dataset.confirmed;
  }
}, true);

// --- htmx: the CSRF token, confirmation, and the state of what is saved as one types -------------------------------
document.addEventListener("htmx:configRequest", (event) => {
  const token = $('meta[name="csrf-token"]')?.content;
  if (token && event.detail.verb !== "get") event.detail.headers["X-CSRFToken"] = token;
});
document.addEventListener("htmx:confirm", async (event) => {
  if (!event.detail.question) return;
  event.preventDefault();
  const { confirmDetail, confirmAction } = event.detail.elt.dataset;
  if (await ask(event.detail.question, { detail: confirmDetail, action: confirmAction })) event.detail.issueRequest(true);
});
document.addEventListener("htmx:afterSettle", (event) => {
  focusSummary(event.detail.elt);
  $("[data-focus]", event.detail.elt)?.focus();
});

function saveState(source, state, text) {
  const form = source.closest?.("[data-autosave]");
  if (!form) return;
  const places = [...$$("[data-save-state]", form), ...$$(`[data-save-state="${form.id}"]`)];
  for (const place of new Set(places)) {
    place.dataset.state = state;
    place.textContent = text;
  }
  form.dataset.saved = state;
  if (state !== "saving") announce(text);
}
// The firm's clock, not the browser's: it stands beside times that the server wrote.
const timeZone = document.documentElement.dataset.timeZone || undefined; // empty: the browser's own
const clock = () => new Date().toLocaleTimeString("en-US", { hour: "numeric", minute: "2-digit", timeZone });
// Sending the whole form waits for what is on its way, which raises the version that the form is to name; after it,
// nothing more goes out. It is the way to get all of it saved: nobody is asked whether to leave then.
const underway = new Set(); // forms with a save on its way
const held = new Map(); // form -> the button that it was sent with
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.matches("[data-autosave]") || event.defaultPrevented) return;
  if (underway.has(form)) {
    event.preventDefault();
    held.set(form, event.submitter);
  } else form.dataset.saved = "sent";
});
document.addEventListener("htmx:beforeRequest", (event) => {
  const { elt } = event.detail;
  if (elt.dataset.saved === "sent") return event.preventDefault();
  underway.add(elt);
  saveState(elt, "saving", "Saving…");
});
document.addEventListener("htmx:afterRequest", (event) => {
  // An answered 409 or 422 counts as successful for htmx, since its answer is swapped in; it is not saved all the same.
  const { elt, successful, xhr } = event.detail;
  if (successful && xhr.status < 400) saveState(elt, "saved", `Saved ${clock()}`);
  else if (xhr?.status === 409) saveState(elt, "failed", "Not saved – somebody else changed this");
  else if (xhr?.status === 422) saveState(elt, "failed", "Not saved – see the problem below");
  else saveState(elt, "failed", "Not saved – try again");
  underway.delete(elt);
  if (!held.has(elt)) return;
  const submitter = held.get(elt);
  held.delete(elt);
  elt.requestSubmit(submitter);
});
document.addEventListener("input", (event) => {
  const form = event.target.closest("[data-autosave]");
  if (form) form.dataset.saved = "typing";
});
window.addEventListener("beforeunload", (event) => {
  if ($('[data-autosave][data-saved="failed"]')) event.preventDefault();
});

// --- a slider and its number box show the same value ----------------------------------------------------------------
const bare = (text) => text.replace(/[,\s]/g, "");
function spoken(slider, box) {
  // What a screen reader says of the slider: the answer's word, or the number with its unit.
  if (box.selectedOptions) return box.selectedOptions[0]?.textContent ?? "";
  const [before, after] = [box.previousElementSibling, box.nextElementSibling].map((unit) => unit?.textContent ?? "");
  return `${before}${box.value}${after}`;
}
// A slider with data-low and data-high goes by magnitude: its positions are even steps of the logarithm.
function shownBy(slider) {
  const { low, high } = slider.dataset;
  if (!low) return slider.value;
  return String(Number((low * (high / low) ** (slider.value / slider.max)).toPrecision(3)));
}
function placeOn(slider, value) {
  const { low, high } = slider.dataset;
  return low ? String(Math.round((slider.max * Math.log(value / low)) / Math.log(high / low))) : value;
}
document.addEventListener("input", (event) => {
  const { target } = event;
  const partner = target.dataset?.mirrors && document.getElementById(target.dataset.mirrors);
  if (!partner) return;
  const slider = target.type === "range" ? target : partner;
  if (slider === target) {
    const value = shownBy(slider);
    partner.value = partner.tagName === "SELECT" ? value : Number(value).toLocaleString("en-US", { maximumFractionDigits: 6 });
  } else if (target.value && !Number.isNaN(Number(bare(target.value)))) {
    partner.value = placeOn(partner, bare(target.value));
  }
  if (slider.type === "range") slider.setAttribute("aria-valuetext", spoken(slider, slider === target ? partner : target));
});

// --- an error that arrives after its field --------------------------------------------------------------------------
function markErrors() {
  for (const place of $$("[data-error-of]")) {
    const field = document.getElementById(place.dataset.errorOf);
    if (place.childElementCount) field?.setAttribute("aria-invalid", "true");
    else field?.removeAttribute("aria-invalid");
  }
}
document.addEventListener("htmx:oobAfterSwap", markErrors);

// --- start ------------------------------------------------------------------------------------------------------------
showTheme();
focusSummary(document);
