// What makes the pages quicker to use; without it all of them work by links and forms.
"use strict";

const AGAIN = "data-again", SHORTCUTS = "errclass-shortcuts";

function typing(target) {
  return target instanceof Element && target.closest("input:not([type=radio]):not([type=checkbox]), select, textarea");
}

// A first look that is under way: ask again by itself.
for (const place of document.querySelectorAll(`[${AGAIN}]`)) {
  setTimeout(() => location.reload(), Number(place.getAttribute(AGAIN)));
}

// A fragment that is fetched now and then.
for (const feed of document.querySelectorAll("[data-poll]")) follow(feed);

function follow(feed) {
  const rows = feed.querySelector("[data-rows]"), state = feed.querySelector("[data-state]");
  const news = feed.querySelector("[data-news]"), pause = feed.querySelector("[data-pause]");
  const every = Number(feed.dataset.every);
  let running = true, failed = 0, timer;

  const ids = () => new Set([...rows.querySelectorAll("[data-id]")].map((row) => row.dataset.id));
  const say = (text) => { if (state.textContent !== text) state.textContent = text; };
  const wait = () => { timer = setTimeout(look, every * Math.min(2 ** failed, 12)); };

  async function look() {
    if (!running) return;
    if (document.hidden || rows.contains(document.activeElement)) return wait();
    try {
      const answer = await fetch(feed.dataset.poll, { credentials: "same-origin", redirect: "manual" });
      if (answer.type === "opaqueredirect" || answer.status === 401) return location.reload();
      if (!answer.ok) throw new Error(String(answer.status));
      const known = ids();
      const found = new DOMParser().parseFromString(await answer.text(), "text/html");
      rows.replaceChildren(...found.body.childNodes);
      failed = 0;
      tell(known);
      if (rows.querySelector("[data-done]")) return location.reload();
      say("Looks for newer ones every few seconds.");
    } catch {
      failed += 1;
      say("The service does not answer; it is tried again.");
    }
    wait();
  }

  function tell(known) {
    const fresh = [...rows.querySelectorAll("[data-id]")].filter((row) => !known.has(row.dataset.id));
    for (const row of fresh) row.classList.add("fresh");
    if (fresh.length && news) news.textContent = `${fresh.length} new failure${fresh.length > 1 ? "s" : ""}`;
  }

  if (pause) {
    pause.hidden = false;
    pause.addEventListener("click", () => {
      running = !running;
      pause.textContent = running ? "Pause" : "Go on";
      clearTimeout(timer);
      say(running ? "Looks for newer ones every few seconds." : "Paused.");
      if (running) look();
    });
  }
  if (state) say("Looks for newer ones every few seconds.");
  wait();
}

// Single keys; whoever dictates or holds keys can switch them off.
const toggle = document.querySelector("[data-keys]");
if (toggle) {
  toggle.checked = localStorage.getItem(SHORTCUTS) !== "off";
  toggle.addEventListener("change", () => localStorage.setItem(SHORTCUTS, toggle.checked ? "on" : "off"));
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || typing(event.target)) return;
  if (toggle && !toggle.checked) return;
  const target = find(event.key, event.target);
  if (!target) return;
  event.preventDefault();
  if (target.matches("[data-focus-key]")) target.focus();
  else target.click();
});

function find(key, target) {
  if (key === "Enter") return target.closest("a, button, summary, label, input") ? null : document.querySelector("[data-enter]");
  const cycle = [...document.querySelectorAll("[data-cycle]")].filter((one) => one.dataset.cycle === key);
  if (cycle.length) return cycle[(cycle.findIndex((one) => one.checked) + 1) % cycle.length];
  const marked = [...document.querySelectorAll("[data-key], [data-focus-key]")];
  return marked.find((one) => one.dataset.key === key || one.dataset.focusKey === key);
}

// A choice that fills in the rest of a form.
for (const choice of document.querySelectorAll("select[data-go]")) {
  choice.addEventListener("change", () => choice.form.requestSubmit());
}

// A form that changes something is sent once.
for (const form of document.querySelectorAll("form[method=post]")) {
  form.addEventListener("submit", (event) => {
    if (form.dataset.sent) event.preventDefault();
    form.dataset.sent = "yes";
  });
}
addEventListener("pageshow", () => document.querySelectorAll("form[data-sent]").forEach((form) => delete form.dataset.sent));

// The page that is looked at is in sight where the list of pages is one line.
document.querySelector("nav.pages [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });
