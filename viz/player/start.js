// A page that is nothing but a player. It is dark where the reader's system is.
if (matchMedia("(prefers-color-scheme: dark)").matches) document.documentElement.dataset.theme = "dark";
for (const root of document.querySelectorAll(".player")) root.player = new Player(root);
document.querySelector(".player .picture")?.focus({ preventScroll: true });
