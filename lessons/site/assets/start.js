"use strict";
// Runs before anything is shown: with scripts, steps come one at a time, in the theme chosen before.
document.documentElement.classList.add("scripts");
try {
  const theme = localStorage.getItem("autodiff-theme");
  if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
} catch { /* nothing is kept where the browser forbids it */ }
