// Runs before the first paint, so that a dark page never flashes white. Choice: light, dark or auto (the system's).
(function () {
  "use strict";
  var KEY = "sleevewise-theme";
  var system = window.matchMedia("(prefers-color-scheme: dark)");
  function choice() {
    try { return localStorage.getItem(KEY) || "auto"; } catch (refused) { return "auto"; }
  }
  function apply() {
    var wanted = choice();
    var dark = wanted === "dark" || (wanted === "auto" && system.matches);
    document.documentElement.setAttribute("data-bs-theme", dark ? "dark" : "light");
  }
  document.documentElement.classList.add("js");
  system.addEventListener("change", apply);
  // Paper is white, whatever the screen is.
  window.addEventListener("beforeprint", function () { document.documentElement.setAttribute("data-bs-theme", "light"); });
  window.addEventListener("afterprint", apply);
  apply();
  window.sleevewiseTheme = {
    choice: choice,
    choose: function (wanted) {
      try { localStorage.setItem(KEY, wanted); } catch (refused) { /* private window: this page only */ }
      document.documentElement.setAttribute("data-bs-theme", wanted === "auto" ? (system.matches ? "dark" : "light") : wanted);
    },
  };
})();
