// A page that is nothing but a player.
for (const root of document.querySelectorAll(".player")) root.player = new Player(root);
document.querySelector(".player .picture")?.focus({ preventScroll: true });
