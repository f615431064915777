"use strict";
(() => {
  const cases = [...document.querySelectorAll(".case")].map((node) => ({
    node,
    facets: JSON.parse(node.dataset.facets),
    words: fold([...node.querySelectorAll("[data-find]")].map((n) => n.textContent).join("\n")),
  }));
  const search = document.getElementById("search");
  const selects = [...document.querySelectorAll("select[data-facet]")];
  const highlights = window.CSS && CSS.highlights && window.Highlight;

  function fold(text) {
    return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
  }

  function terms() {
    return [...search.value.matchAll(/"([^"]+)"|(\S+)/g)].map((m) => fold(m[1] || m[2]));
  }

  function fits(one, facet, value) {
    return !value || one.facets[facet].includes(value);
  }

  /* A case fits when it holds every word and every filter; `but` leaves one filter out. */
  function fitting(wanted, but) {
    return cases.filter((one) =>
      wanted.every((word) => one.words.includes(word)) &&
      selects.every((s) => s.dataset.facet === but || fits(one, s.dataset.facet, s.value)));
  }

  function count(found) {
    const by = (facet, value) => found.filter((one) => one.facets[facet].includes(value)).length;
    const dangerous = found.filter((one) => one.facets.danger.length).length;
    const parts = ["send_ready", "needs_edit", "unusable"]
      .map((level) => `${by("readiness", level)} ${level.replace("_", " ")}`);
    document.getElementById("count").textContent =
      `${found.length} of ${cases.length} cases: ${parts.join(", ")}; ${dangerous} dangerous`;
    document.getElementById("none").hidden = found.length > 0;
  }

  function countOptions(wanted) {
    for (const select of selects) {
      const others = fitting(wanted, select.dataset.facet);
      for (const option of select.options) {
        const number = others.filter((one) => fits(one, select.dataset.facet, option.value)).length;
        option.textContent = `${option.dataset.words} (${number})`;
        option.disabled = !number && !option.selected;
      }
      select.classList.toggle("chosen", Boolean(select.value));
    }
  }

  function apply() {
    const wanted = terms();
    const found = new Set(fitting(wanted));
    for (const one of cases) one.node.hidden = !found.has(one);
    count([...found]);
    countOptions(wanted);
    keepInAddress();
    highlight();
  }

  /* The filters stand in the address, so that a view can be bookmarked and sent. */
  function keepInAddress() {
    const kept = new URLSearchParams();
    if (search.value) kept.set("q", search.value);
    for (const s of selects) if (s.value) kept.set(s.dataset.facet, s.value);
    const said = kept.toString();
    if (said || location.hash.includes("=")) {
      history.replaceState(null, "", said ? `#${said}` : "#cases");
    }
  }

  function choose(asked) {
    search.value = asked.get("q") || "";
    for (const s of selects) {
      const value = asked.get(s.dataset.facet) || "";
      for (const option of s.options) option.disabled = false;
      s.value = [...s.options].some((option) => option.value === value) ? value : "";
    }
    apply();
  }

  function follow() {
    const hash = location.hash.slice(1);
    if (hash.startsWith("case-")) return show(decodeURIComponent(hash));
    if (!hash.includes("=")) return undefined;
    choose(new URLSearchParams(hash));
    return document.getElementById("cases").scrollIntoView();
  }

  function show(id) {
    const node = document.getElementById(id);
    if (!node) return;
    if (node.hidden) choose(new URLSearchParams());
    node.open = true;
    node.scrollIntoView();
    node.firstElementChild.focus({ preventScroll: true });
  }

  /* Marks what was searched for, in the cases that are open. */
  function highlight() {
    if (!highlights) return;
    const found = new Highlight();
    const wanted = terms();
    for (const one of wanted.length ? cases : []) {
      if (one.node.hidden || !one.node.open) continue;
      for (const part of one.node.querySelectorAll("[data-find], .text")) mark(part, wanted, found);
    }
    CSS.highlights.set("found", found);
  }

  function mark(part, wanted, found) {
    const walker = document.createTreeWalker(part, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const text = fold(node.data);
      if (text.length !== node.data.length) continue;
      for (const word of wanted) {
        for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + word.length)) {
          const range = new Range();
          range.setStart(node, at);
          range.setEnd(node, at + word.length);
          found.add(range);
        }
      }
    }
  }

  function step(by) {
    const shown = cases.filter((one) => !one.node.hidden).map((one) => one.node.firstElementChild);
    const here = shown.findIndex((summary) => summary.parentNode.contains(document.activeElement));
    const next = shown[here < 0 ? 0 : Math.min(Math.max(here + by, 0), shown.length - 1)];
    if (next) next.focus();
  }

  function openAll(open) {
    for (const one of cases) if (!one.node.hidden) one.node.open = open;
  }

  const keys = { j: () => step(1), k: () => step(-1), "/": () => search.focus() };
  document.addEventListener("keydown", (event) => {
    const typing = event.target.matches("input, select, textarea");
    if (event.key === "Escape" && event.target === search) {
      search.value = "";
      apply();
    } else if (!typing && !event.ctrlKey && !event.metaKey && !event.altKey && keys[event.key]) {
      event.preventDefault();
      keys[event.key]();
    }
  });
  search.addEventListener("input", apply);
  for (const select of selects) select.addEventListener("change", apply);
  for (const one of cases) one.node.addEventListener("toggle", highlight);
  document.getElementById("clear").addEventListener("click", () => choose(new URLSearchParams()));
  document.getElementById("open").addEventListener("click", () => openAll(true));
  document.getElementById("close").addEventListener("click", () => openAll(false));
  for (const input of document.querySelectorAll("input[name=marks]")) {
    const choice = () => { if (input.checked) document.body.dataset.marks = input.value; };
    input.addEventListener("change", choice);
    choice();
  }
  window.addEventListener("hashchange", follow);

  /* Printed is what the filters show, folded out; afterwards all is as it was. */
  let folded = [];
  window.addEventListener("beforeprint", () => {
    folded = [...document.querySelectorAll("details:not([open])")].filter((n) => !n.closest("[hidden]"));
    for (const node of folded) node.open = true;
  });
  window.addEventListener("afterprint", () => { for (const node of folded) node.open = false; });

  for (const id of ["tools", "filters"]) document.getElementById(id).hidden = false;
  if (window.innerWidth > 700) document.getElementById("filters").open = true;
  const asked = location.hash;
  choose(new URLSearchParams(asked.includes("=") && !asked.startsWith("#case-") ? asked.slice(1) : ""));
  if (asked) follow();
})();
