// The finder (Ctrl-K) and single keys. Single keys can be switched off (WCAG 2.1.4) and never act while one types.

const finder = document.getElementById("finder");
const keys = document.getElementById("keys");
const words = document.getElementById("finder-words");
const results = document.getElementById("finder-results");
const KEY = "sleevewise-single-keys";
const WAIT = 1200; // milliseconds for the second key

function singleKeys() {
  try { return localStorage.getItem(KEY) !== "off"; } catch (refused) { return true; }
}

function openFinder() {
  if (!finder.open) finder.showModal();
  words.select();
  words.focus();
}

// A box keeps the focus for a moment after its dialog has closed; nobody types there.
const typing = (target) => document.querySelector("dialog[open]")
  || (target.closest?.("input, textarea, select, [contenteditable]") && !target.closest("dialog"));

let went = 0;
function singleKey(event) {
  const after = Date.now() - went < WAIT;
  went = 0;
  if (after) {
    const link = document.querySelector(`[data-go="${CSS.escape(event.key)}"]`);
    if (link) { event.preventDefault(); link.click(); }
  } else if (event.key === "g") {
    went = Date.now();
  } else if (event.key === "/") {
    event.preventDefault();
    openFinder();
  } else if (event.key === "?") {
    event.preventDefault();
    keys.showModal();
  }
}

function throughResults(event) {
  const links = [...results.querySelectorAll("a")];
  const place = links.indexOf(document.activeElement);
  if (event.key === "Enter" && event.target === words && links.length) {
    event.preventDefault();
    links[0].click();
  } else if (event.key === "ArrowDown" && links.length) {
    event.preventDefault();
    links[Math.min(place + 1, links.length - 1)].focus();
  } else if (event.key === "ArrowUp" && place >= 0) {
    event.preventDefault();
    (links[place - 1] || words).focus();
  }
}

if (finder) {
  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && !event.altKey && event.key.toLowerCase() === "k") {
      event.preventDefault();
      openFinder();
    } else if (finder.open && event.key === "Escape") {
      event.preventDefault(); // a search box would take the first one to empty itself
      finder.close();
    } else if (finder.open) {
      throughResults(event);
    } else if (!event.ctrlKey && !event.metaKey && !event.altKey && singleKeys() && !typing(event.target)) {
      singleKey(event);
    }
  });
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-finder]")) { event.preventDefault(); openFinder(); }
    if (event.target.closest("[data-keys]")) keys.showModal();
    if (event.target.closest("[data-close-dialog]") || event.target === finder || event.target === keys) event.target.closest("dialog").close();
  });
  const chosen = document.getElementById("single-keys");
  chosen.checked = singleKeys();
  chosen.addEventListener("change", () => {
    try { localStorage.setItem(KEY, chosen.checked ? "on" : "off"); } catch (refused) { /* this page only */ }
    document.getElementById("status").textContent = chosen.checked ? "Single keys are on" : "Single keys are off";
  });
}
